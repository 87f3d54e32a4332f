import { PersonGate } from '#/features/people/person-gate.tsx'

export default async function PersonLayout({ children, params }: LayoutProps<'/for/[personId]'>) {
  const { personId } = await params
  // Another person means other screens: nothing of the last one's forms may stay.
  return (
    <PersonGate key={personId} personId={personId}>
      {children}
    </PersonGate>
  )
}
