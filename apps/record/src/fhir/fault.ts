/** Where an unexpected error arose: its kind and place in our code. Never its message, which may quote the input. */
export function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const frame = error.stack?.split('\n').find((line) => line.trimStart().startsWith('at '))
  return `${error.name} ${frame?.trim() ?? ''}`.trim()
}
