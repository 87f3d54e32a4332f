import { NotFoundPage } from '@openward/portal/not-found-page'
import { BASE_PATH } from '#/lib/env.ts'

export default function NotFound() {
  return <NotFoundPage homeHref={BASE_PATH} />
}
