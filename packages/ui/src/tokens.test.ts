// @vitest-environment node
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')
const HUES = { teal: 195, indigo: 272, plum: 335, forest: 152 }

type Rgb = [number, number, number]

/** OKLCH to linear sRGB, clipped to the gamut. @see https://bottosson.github.io/posts/oklab/ */
function linearRgb(lightness: number, chroma: number, hue: number): Rgb {
  const a = chroma * Math.cos((hue * Math.PI) / 180)
  const b = chroma * Math.sin((hue * Math.PI) / 180)
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const clip = (value: number) => Math.min(1, Math.max(0, value))
  return [
    clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ]
}

function luminance(token: string, theme: 'light' | 'dark', hue: number): number {
  const pattern = new RegExp(
    `--${token}: light-dark\\(oklch\\(([^()]*(?:\\(--hue\\))?[^()]*)\\), oklch\\(([^()]*(?:\\(--hue\\))?[^()]*)\\)\\)`,
  )
  const match = pattern.exec(css)
  if (!match) throw new Error(`no token ${token}`)
  const text = (theme === 'light' ? match[1] : match[2]) ?? ''
  const [lightness = 0, chroma = 0, angle = 0] = text
    .replace('var(--hue)', String(hue))
    .split(' ')
    .map(Number)
  const [r, g, b] = linearRgb(lightness, chroma, angle)
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(front: string, back: string, theme: 'light' | 'dark', hue: number): number {
  const values = [luminance(front, theme, hue), luminance(back, theme, hue)]
  return (Math.max(...values) + 0.05) / (Math.min(...values) + 0.05)
}

const PAPERS = ['surface', 'surface-raised', 'surface-sunken']
const PAIRS: Array<[front: string, back: string, least: number]> = [
  ...PAPERS.flatMap((paper): Array<[string, string, number]> => [
    ['ink', paper, 9],
    ['ink-soft', paper, 4.5],
    ['action', paper, 4.5],
    ['action-strong', paper, 4.5],
    ['attention', paper, 4.5],
    ['danger', paper, 4.5],
    ['done', paper, 4.5],
    ['line-strong', paper, 3],
    ['focus', paper, 3],
  ]),
  ['action-ink', 'action', 4.5],
  ['action-ink', 'action-strong', 4.5],
  ['danger-ink', 'danger', 4.5],
  ['danger-ink', 'danger-strong', 4.5],
  ...['attention', 'danger', 'done'].flatMap((tone): Array<[string, string, number]> => [
    [tone, `${tone}-soft`, 4.5],
    ['ink', `${tone}-soft`, 9],
    ['ink-soft', `${tone}-soft`, 4.5],
  ]),
  ['ink', 'action-soft', 9],
  ['ink-soft', 'action-soft', 4.5],
  ['action', 'action-soft', 4.5],
]

for (const theme of ['light', 'dark'] as const) {
  for (const [accent, hue] of Object.entries(HUES)) {
    test(`every pair of colours keeps its contrast in ${theme} with the accent ${accent}`, () => {
      const poor = PAIRS.map(([front, back, least]) => ({
        front,
        back,
        least,
        is: contrast(front, back, theme, hue),
      })).filter((pair) => pair.is < pair.least)
      expect(poor).toEqual([])
      expect(PAIRS.length).toBeGreaterThan(30)
    })
  }
}
