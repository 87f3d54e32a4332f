import { LoadingPage } from '@openward/portal/loading-page'

export default function Loading() {
  return <LoadingPage />
}
