'use client'
import { CircleAlert } from 'lucide-react'
import { FieldError } from 'react-aria-components/FieldError'
import { ERROR } from './field-style.ts'

/** The error of a react-aria field, wired to it by react-aria. */
export function FieldMessage({ error }: { error: string | undefined }) {
  if (!error) return null
  return (
    <FieldError className={ERROR} elementType="div">
      <CircleAlert aria-hidden />
      <span>{error}</span>
    </FieldError>
  )
}
