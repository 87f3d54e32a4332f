/** Says `message` politely when it changes; seen by nobody. Keep it mounted and change the words. */
export function Announcer({ message }: { message: string }) {
  return (
    <output aria-live="polite" aria-atomic className="sr-only">
      {message}
    </output>
  )
}
