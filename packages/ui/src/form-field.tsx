'use client'
import type { ReactElement } from 'react'
import {
  type Control,
  Controller,
  type ControllerRenderProps,
  type FieldPath,
  type FieldValues,
} from 'react-hook-form'
import { fieldId } from './field-id.ts'

export type BoundField<Values extends FieldValues, Name extends FieldPath<Values>> = Omit<
  ControllerRenderProps<Values, Name>,
  'ref' | 'disabled'
> & {
  id: string
  error: string | undefined
  inputRef: ControllerRenderProps<Values, Name>['ref']
}

export type FormFieldProps<Values extends FieldValues, Transformed, Name extends FieldPath<Values>> = {
  control: Control<Values, unknown, Transformed>
  name: Name
  /** Turns what the schema says (a code) into words; default: the schema's own message. */
  words?: (message: string) => string
  children: (field: BoundField<Values, Name>) => ReactElement
}

/** Binds one field of a react-hook-form: `<FormField control={control} name="phone">{(field) => <TextField label="…" {...field} />}</FormField>`. */
export function FormField<Values extends FieldValues, Transformed, Name extends FieldPath<Values>>(
  props: FormFieldProps<Values, Transformed, Name>,
) {
  return (
    <Controller
      control={props.control}
      name={props.name}
      render={({ field, fieldState }) => {
        const message = fieldState.error?.message
        const error = message && props.words ? props.words(message) : message
        return props.children({
          id: fieldId(field.name),
          name: field.name,
          value: field.value,
          onChange: field.onChange,
          onBlur: field.onBlur,
          inputRef: field.ref,
          error,
        })
      }}
    />
  )
}
