'use client'
import { useCaller } from '@openward/auth'

/** The roles that see the panel: people who take part in care. */
export const PANEL_ROLES = ['care-manager', 'clinician'] as const

/** Whether the signed-in person has any of these roles. It chooses what is shown; the BFF decides what is allowed. */
export function useHasRole(...roles: readonly string[]): boolean {
  const caller = useCaller()
  return roles.some((role) => caller.roles.includes(role))
}
