'use client'
import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from 'react-aria-components/Button'
import { Disclosure, DisclosurePanel, Heading } from 'react-aria-components/Disclosure'
import { DisclosureGroup as AriaDisclosureGroup } from 'react-aria-components/DisclosureGroup'

export type DisclosureItem = { id: string; title: string; content: ReactNode }

export type DisclosureGroupProps = {
  items: readonly DisclosureItem[]
  /** The level of the titles in the page's outline. */
  level?: 2 | 3
  defaultExpanded?: readonly string[]
}

/** Questions whose answers open in place. Several may be open. */
export function DisclosureGroup({ items, level = 3, defaultExpanded }: DisclosureGroupProps) {
  return (
    <AriaDisclosureGroup
      allowsMultipleExpanded
      {...(defaultExpanded && { defaultExpandedKeys: defaultExpanded })}
      className="divide-y divide-line border-y border-line"
    >
      {items.map((item) => (
        <Disclosure key={item.id} id={item.id} className="group">
          <Heading level={level} className="tracking-normal">
            <Button
              slot="trigger"
              className="flex min-h-14 w-full items-center gap-3 rounded-sm py-2 text-start font-semibold hover:text-action staff:min-h-10"
            >
              <ChevronRight
                aria-hidden
                className="size-5 shrink-0 text-ink-soft transition-transform group-data-expanded:rotate-90 rtl:-scale-x-100"
              />
              {item.title}
            </Button>
          </Heading>
          <DisclosurePanel className="ps-8">
            <div className="max-w-measure pb-5">{item.content}</div>
          </DisclosurePanel>
        </Disclosure>
      ))}
    </AriaDisclosureGroup>
  )
}
