import { savePreference } from '@openward/portal/preferences'
import { BASE_PATH } from '#/lib/env.ts'

export function POST(request: Request) {
  return savePreference(request, BASE_PATH)
}
