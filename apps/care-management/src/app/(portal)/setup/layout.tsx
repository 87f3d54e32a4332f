import type { ReactNode } from 'react'
import { AdministratorOnly } from '#/features/setup/administrator-only.tsx'
import { BASE_PATH } from '#/lib/env.ts'
import { UnsavedGuard } from '#/lib/unsaved-guard.tsx'

export default function SetupLayout({ children }: { children: ReactNode }) {
  return (
    <AdministratorOnly>
      <UnsavedGuard basePath={BASE_PATH}>{children}</UnsavedGuard>
    </AdministratorOnly>
  )
}
