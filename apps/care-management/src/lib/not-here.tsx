import { PageHeading } from '@openward/ui/page-heading'
import type { ReactNode } from 'react'

/** An address that leads to nothing: says so as the page's heading, with the way back. */
export function NotHere({ title, back }: { title: string; back: ReactNode }) {
  return (
    <div className="max-w-page">
      <PageHeading>{title}</PageHeading>
      {back}
    </div>
  )
}
