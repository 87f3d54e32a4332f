'use client'
import type { ReactNode } from 'react'
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components/Tabs'

export type TabItem = { id: string; label: string; count?: number; content: ReactNode }

export type TabsProps = {
  /** What the tabs choose among: "Visits". */
  label: string
  items: readonly TabItem[]
  selected?: string
  onSelect?: (id: string) => void
}

/** A few views of one thing. Arrow keys move between them. */
export function Tabs({ label, items, selected, onSelect }: TabsProps) {
  return (
    <AriaTabs
      {...(selected !== undefined && { selectedKey: selected })}
      {...(onSelect && { onSelectionChange: (key) => onSelect(String(key)) })}
    >
      <TabList aria-label={label} className="flex gap-1 overflow-x-auto border-b border-line">
        {items.map((item) => (
          <Tab
            key={item.id}
            id={item.id}
            className="flex min-h-12 shrink-0 cursor-pointer items-center gap-2 rounded-t-md border-b-2 border-transparent px-3 text-ink-soft -outline-offset-2 hover:text-ink data-selected:border-action data-selected:font-semibold data-selected:text-ink staff:min-h-9"
          >
            {item.label}
            {item.count !== undefined && <span className="tabular text-sm text-ink-soft">{item.count}</span>}
          </Tab>
        ))}
      </TabList>
      {items.map((item) => (
        <TabPanel key={item.id} id={item.id} className="rounded-md pt-5 staff:pt-4">
          {item.content}
        </TabPanel>
      ))}
    </AriaTabs>
  )
}
