import { StaffLanding } from '@openward/portal/staff-landing'
import { BASE_PATH } from '#/lib/env.ts'

const SERVICE_DESK_PHONE = '(303) 555-0150'

export default function LandingPage() {
  return <StaffLanding basePath={BASE_PATH} homeHref={`${BASE_PATH}/groups`} phone={SERVICE_DESK_PHONE} />
}
