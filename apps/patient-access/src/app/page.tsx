import { Landing } from '#/features/landing/landing.tsx'

export default function LandingPage() {
  return <Landing />
}
