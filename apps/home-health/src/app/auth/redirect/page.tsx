import { RedirectPage } from '@openward/portal/redirect-page'
import { BASE_PATH } from '#/lib/env.ts'

export default function AuthRedirectPage() {
  return <RedirectPage homeHref={BASE_PATH} />
}
