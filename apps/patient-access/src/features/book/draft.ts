import type { BookingDetailsForm } from '@openward/scheduling'

/**
 * What a person has typed for a hold, kept for this tab until it is booked, given up or they sign out, so that a reload in the middle of a hold
 * loses nothing. It names the person and the hold: it can never fill in somebody else's form.
 */
const PREFIX = 'openward.booking-draft.'
const FIELDS = ['reason', 'comment', 'contactPhone', 'interpreterLanguage', 'accessNeeds'] as const

export type Draft = BookingDetailsForm

function keyOf(patientId: string, holdId: string): string {
  return `${PREFIX}${patientId}.${holdId}`
}

function storage(): Storage | undefined {
  try {
    return window.sessionStorage
  } catch {
    return undefined // storage is switched off: drafts then live as long as the page
  }
}

export function readDraft(patientId: string, holdId: string): Draft {
  const text = storage()?.getItem(keyOf(patientId, holdId))
  if (!text) return {}
  try {
    const stored: unknown = JSON.parse(text)
    if (typeof stored !== 'object' || stored === null) return {}
    const entries = FIELDS.flatMap((field) => {
      const value: unknown = Reflect.get(stored, field)
      return typeof value === 'string' ? [[field, value]] : []
    })
    return Object.fromEntries(entries) as Draft
  } catch {
    return {} // not ours: start empty
  }
}

export function keepDraft(patientId: string, holdId: string, draft: Draft): void {
  try {
    storage()?.setItem(keyOf(patientId, holdId), JSON.stringify(draft))
  } catch {
    return // storage is full: the form itself still holds the text
  }
}

/** Forgets every draft but the ones named. */
export function dropDrafts(keep?: { patientId: string; holdId: string }): void {
  const store = storage()
  if (!store) return
  const kept = keep && keyOf(keep.patientId, keep.holdId)
  for (const key of Object.keys(store)) if (key.startsWith(PREFIX) && key !== kept) store.removeItem(key)
}

/** The text goes along when the same time is held again. */
export function moveDraft(patientId: string, fromHoldId: string, toHoldId: string): void {
  keepDraft(patientId, toHoldId, readDraft(patientId, fromHoldId))
  dropDrafts({ patientId, holdId: toHoldId })
}
