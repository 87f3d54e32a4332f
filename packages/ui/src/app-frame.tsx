import type { ElementType, ReactNode } from 'react'
import { BrandMark } from './brand-mark.tsx'
import { classNames } from './class-names.ts'
import { SkipLink } from './skip-link.tsx'

export type NavItem = { href: string; label: string; icon: ReactNode }

export type AppFrameProps = {
  /** Patients: links above, tabs at the bottom of a phone. Staff: a rail at the side. */
  layout: 'patient' | 'staff'
  /** The organisation's name as people know it. */
  brand: string
  /** What this portal is: "Care management"; staff only. */
  portalName?: string
  homeHref: string
  nav: readonly NavItem[]
  currentPath: string
  /** The component of the links: `next/link`. */
  linkAs?: ElementType
  words: { skip: string; navigation: string }
  /** Switch to another person, at the start of the tools. */
  person?: ReactNode
  /** Account, sign-out, search. */
  tools?: ReactNode
  footer?: ReactNode
  children: ReactNode
}

function isCurrent(item: NavItem, path: string): boolean {
  return path === item.href || path.startsWith(`${item.href}/`)
}

function NavLinks({ props, look }: { props: AppFrameProps; look: string }) {
  const Anchor: ElementType = props.linkAs ?? 'a'
  return props.nav.map((item) => (
    <li key={item.href} className="min-w-0">
      <Anchor
        href={item.href}
        aria-current={isCurrent(item, props.currentPath) ? 'page' : undefined}
        className={classNames(
          'no-underline [&_svg]:size-5 [&_svg]:shrink-0 text-ink-soft hover:text-ink aria-[current]:font-semibold aria-[current]:text-action',
          look,
        )}
      >
        {item.icon}
        <span className="min-w-0">{item.label}</span>
      </Anchor>
    </li>
  ))
}

function Brand({ props }: { props: AppFrameProps }) {
  const Anchor: ElementType = props.linkAs ?? 'a'
  return (
    <Anchor
      href={props.homeHref}
      className="flex min-h-11 min-w-0 items-center gap-2.5 rounded-md text-ink no-underline"
    >
      <BrandMark />
      <span className="leading-tight">
        <span className="block font-semibold">{props.brand}</span>
        {props.portalName && <span className="block text-sm text-ink-soft">{props.portalName}</span>}
      </span>
    </Anchor>
  )
}

function PatientFrame(props: AppFrameProps) {
  return (
    <div className="flex min-h-svh flex-col print:block">
      <header className="border-b border-line bg-surface-raised">
        <div className="mx-auto flex max-w-page items-center justify-between gap-x-4 px-4 py-2 sm:px-6 print:px-0">
          <Brand props={props} />
          <nav aria-label={props.words.navigation} className="hidden lg:block">
            <ul className="flex gap-1">
              <NavLinks
                props={props}
                look="flex min-h-12 items-center gap-2 rounded-md px-3 whitespace-nowrap hover:bg-surface-sunken aria-[current]:bg-action-soft"
              />
            </ul>
          </nav>
          <div data-print="no" className="flex items-center gap-2">
            {props.person}
            {props.tools}
          </div>
        </div>
      </header>
      <main
        id="main"
        className="mx-auto w-full max-w-page flex-1 px-4 py-6 sm:px-6 sm:py-10 print:px-0 print:py-5"
      >
        {props.children}
      </main>
      {props.footer && (
        <footer className="mx-auto w-full max-w-page px-4 pb-28 sm:px-6 lg:pb-10 print:p-0">
          {props.footer}
        </footer>
      )}
      <nav
        aria-label={props.words.navigation}
        className="fixed inset-x-0 bottom-0 z-20 border-t border-line bg-surface-raised pb-[env(safe-area-inset-bottom)] lg:hidden"
      >
        <ul className="grid auto-cols-fr grid-flow-col">
          <NavLinks
            props={props}
            look="flex min-h-15 flex-col items-center justify-center gap-0.5 px-1 text-center text-xs -outline-offset-3"
          />
        </ul>
      </nav>
    </div>
  )
}

function StaffFrame(props: AppFrameProps) {
  return (
    <div className="flex min-h-svh flex-col lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
      <header
        data-print="no"
        className="border-line bg-surface-sunken max-lg:border-b lg:sticky lg:top-0 lg:flex lg:h-svh lg:flex-col lg:border-e"
      >
        <div className="flex flex-wrap items-center justify-between gap-x-4 px-3 py-2 lg:px-4 lg:py-4">
          <Brand props={props} />
          <div className="flex items-center gap-2 lg:hidden">{props.tools}</div>
        </div>
        <nav
          aria-label={props.words.navigation}
          className="max-lg:overflow-x-auto lg:flex-1 lg:overflow-y-auto"
        >
          <ul className="flex px-2 pb-1 max-lg:*:shrink-0 lg:flex-col lg:gap-0.5">
            <NavLinks
              props={props}
              look="flex min-h-10 items-center gap-2.5 whitespace-nowrap rounded-md px-2.5 hover:bg-surface-raised aria-[current]:bg-surface-raised -outline-offset-2"
            />
          </ul>
        </nav>
        <div className="hidden gap-2 border-t border-line px-4 py-3 lg:grid">
          {props.person}
          {props.tools}
          {props.footer}
        </div>
      </header>
      <main id="main" className="min-w-0 flex-1 px-4 py-5 lg:px-8 lg:py-6">
        {props.children}
      </main>
      {props.footer && (
        <footer data-print="no" className="border-t border-line px-4 py-3 lg:hidden">
          {props.footer}
        </footer>
      )}
    </div>
  )
}

/** The frame of every signed-in screen: brand, navigation, whom it is about, preferences, a way out. */
export function AppFrame(props: AppFrameProps) {
  return (
    <>
      <SkipLink>{props.words.skip}</SkipLink>
      {props.layout === 'patient' ? <PatientFrame {...props} /> : <StaffFrame {...props} />}
    </>
  )
}
