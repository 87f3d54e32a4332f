'use client'
import type { Resource } from '@medplum/fhirtypes'
import { FhirError, type Versioned } from '@openward/fhir-client'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { type DefaultValues, type FieldValues, type Path, type PathValue, useForm } from 'react-hook-form'
import { type FieldProblem, resolverOf } from './field-problems.ts'
import { type ChangedMeanwhile, mergeValues } from './merge-values.ts'
import { useUnsaved } from './unsaved-guard.tsx'

export type EditFormOptions<R extends Resource, V extends FieldValues> = {
  /** As it is stored; absent while a new one is made. */
  stored: Versioned<R> | undefined
  toValues: (resource: Versioned<R> | undefined) => V
  check: (values: V) => readonly FieldProblem[]
  /** Writes the values over this version of the resource. */
  send: (values: V, base: Versioned<R> | undefined) => Promise<Versioned<R>>
  /** Reads what is stored now, after somebody else was first. */
  reload: (base: Versioned<R>) => Promise<Versioned<R>>
  onSaved: (saved: Versioned<R>) => void
}

/**
 * A form over one stored resource. When another version appears, by a refused save or by reading again, fields that
 * the person has not touched take it, and the person's own input stays.
 */
export function useEditForm<R extends Resource, V extends FieldValues>(options: EditFormOptions<R, V>) {
  const { stored, toValues, check, send, reload, onSaved } = options
  const [base, setBase] = useState(stored)
  const [changed, setChanged] = useState<ChangedMeanwhile>()
  const [isSaved, setIsSaved] = useState(false)
  const form = useForm<V>({
    defaultValues: toValues(stored) as DefaultValues<V>,
    resolver: resolverOf(check),
    shouldFocusError: false,
  })
  const { isDirty } = form.formState
  useUnsaved(isDirty)

  const rebase = (latest: Versioned<R>) => {
    const theirs = toValues(latest)
    const { merged, taken, kept } = mergeValues(toValues(base), form.getValues(), theirs)
    form.reset(theirs)
    for (const name of Object.keys(merged)) {
      form.setValue(name as Path<V>, merged[name] as PathValue<V, Path<V>>, { shouldDirty: true })
    }
    setBase(latest)
    if (taken.length + kept.length > 0) setChanged({ at: latest.meta.lastUpdated, taken, kept })
  }
  const takeNew = useRef<(latest: Versioned<R>) => void>(undefined)
  useEffect(() => {
    takeNew.current = (latest) => {
      if (latest.meta.versionId !== base?.meta.versionId) rebase(latest)
    }
  })
  useEffect(() => {
    if (stored) takeNew.current?.(stored)
  }, [stored])

  const save = useMutation({
    mutationFn: (values: V) => send(values, base),
    onSuccess: (saved) => {
      form.reset(toValues(saved))
      setBase(saved)
      setChanged(undefined)
      setIsSaved(true)
      onSaved(saved)
    },
    onError: async (error) => {
      if (base && error instanceof FhirError && error.code === 'precondition-failed')
        rebase(await reload(base))
    },
  })
  const submit = form.handleSubmit(async (values) => {
    setIsSaved(false)
    await save.mutateAsync(values).catch(() => undefined) // shown from `save.error`
  })
  const undo = () => {
    form.reset(toValues(base))
    setChanged(undefined)
    save.reset()
  }
  return {
    form,
    submit,
    undo,
    isPending: save.isPending,
    error: save.error,
    changed,
    isDirty,
    isSaved: isSaved && !isDirty,
  }
}
