/** Markup that is safe to send; everything else is escaped on its way in. */
export type Html = { readonly text: string }

type Part = Html | string | number | readonly Html[] | undefined | false

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

function render(part: Part): string {
  if (part === undefined || part === false) return ''
  if (typeof part === 'string' || typeof part === 'number') return escape(String(part))
  return 'text' in part ? part.text : part.map((one) => one.text).join('')
}

/** Tagged template: values are escaped unless they are `Html` themselves. */
export function markup(texts: TemplateStringsArray, ...parts: Part[]): Html {
  return { text: texts.map((text, index) => text + render(parts[index])).join('') }
}

/** Takes markup as it is; only for constants of this program and what oidc-provider makes. */
export function trusted(text: string): Html {
  return { text }
}
