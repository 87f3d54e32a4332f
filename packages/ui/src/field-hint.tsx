'use client'
import { Text } from 'react-aria-components/Text'
import { HINT } from './field-style.ts'

/** The hint of a react-aria field, wired to it by react-aria. */
export function FieldHint({ hint }: { hint: string | undefined }) {
  if (!hint) return null
  return (
    <Text slot="description" elementType="div" className={HINT}>
      {hint}
    </Text>
  )
}
