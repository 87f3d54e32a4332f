import { StaffLanding } from '@openward/portal/staff-landing'
import { BASE_PATH } from '#/lib/env.ts'

export default function LandingPage() {
  return <StaffLanding basePath={BASE_PATH} homeHref={`${BASE_PATH}/today`} />
}
