'use client'
import { ArrowDown, ArrowUp } from 'lucide-react'
import type { ReactNode } from 'react'
import { Cell, Column, Row, Table, TableBody, TableHeader } from 'react-aria-components/Table'
import { classNames } from './class-names.ts'

export type DataTableColumn<Item> = {
  id: string
  header: string
  cell: (item: Item) => ReactNode
  /** Names the row for screen readers; exactly one column. */
  isRowHeader?: boolean
  isSortable?: boolean
  /** Figures: set right, tabular. */
  isNumeric?: boolean
  /** Left out on a phone; only for what the detail screen repeats. */
  isWideOnly?: boolean
}

export type DataTableSort = { column: string; direction: 'ascending' | 'descending' }

export type DataTableProps<Item> = {
  label: string
  columns: ReadonlyArray<DataTableColumn<Item>>
  rows: readonly Item[]
  rowId: (item: Item) => string
  /** Opens the row, by click or Enter. */
  onRowAction?: (id: string) => void
  /** Where the row goes, when it is a link. */
  rowHref?: (item: Item) => string
  sort?: DataTableSort
  onSort?: (sort: DataTableSort) => void
  empty?: ReactNode
}

/** A table people scan: arrow keys move by cell, headers sort, a row opens. */
export function DataTable<Item>(props: DataTableProps<Item>) {
  const { columns, rows, rowId, rowHref, onRowAction, onSort } = props
  const side = (column: DataTableColumn<Item>) =>
    classNames(column.isNumeric ? 'text-end tabular' : 'text-start', column.isWideOnly && 'max-sm:hidden')
  return (
    <div className="overflow-x-auto rounded-lg border border-line bg-surface-raised">
      <Table
        aria-label={props.label}
        className="w-full border-collapse text-sm staff:text-base"
        {...(props.sort && { sortDescriptor: props.sort })}
        {...(onSort && {
          onSortChange: ({ column, direction }) => onSort({ column: String(column), direction }),
        })}
        {...(onRowAction && { onRowAction: (key) => onRowAction(String(key)) })}
      >
        <TableHeader>
          {columns.map((column) => (
            <Column
              key={column.id}
              id={column.id}
              isRowHeader={Boolean(column.isRowHeader)}
              allowsSorting={Boolean(column.isSortable)}
              className={classNames(
                'border-b border-line px-4 py-2.5 text-sm font-semibold text-ink-soft -outline-offset-3 data-allows-sorting:cursor-pointer data-allows-sorting:hover:text-ink staff:px-3 staff:py-2',
                side(column),
              )}
            >
              {({ sortDirection }) => (
                <span className="inline-flex items-center gap-1">
                  {column.header}
                  {sortDirection === 'ascending' && <ArrowUp aria-hidden className="size-4" />}
                  {sortDirection === 'descending' && <ArrowDown aria-hidden className="size-4" />}
                </span>
              )}
            </Column>
          ))}
        </TableHeader>
        <TableBody renderEmptyState={() => <div className="p-6 text-ink-soft">{props.empty}</div>}>
          {rows.map((item) => (
            <Row
              key={rowId(item)}
              id={rowId(item)}
              {...(rowHref && { href: rowHref(item) })}
              className="border-b border-line -outline-offset-3 last:border-0 data-hovered:bg-action-soft data-href:cursor-pointer"
            >
              {columns.map((column) => (
                <Cell
                  key={column.id}
                  className={classNames(
                    'px-4 py-3 align-top -outline-offset-3 staff:px-3 staff:py-1.5',
                    side(column),
                  )}
                >
                  {column.cell(item)}
                </Cell>
              ))}
            </Row>
          ))}
        </TableBody>
      </Table>
    </div>
  )
}
