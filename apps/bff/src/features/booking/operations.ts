import type { Operation } from '#/lib/operation.ts'

import { book } from './book.ts'
import { cancel } from './cancel.ts'
import { defineOperation } from './definitions.ts'
import { find, findDays } from './find.ts'
import { hold } from './hold.ts'

type Row = Omit<Operation, 'definition'> & {
  describe: Omit<Parameters<typeof defineOperation>[0], 'name' | 'on' | 'level'>
}

const ROWS: readonly Row[] = [
  {
    type: 'Appointment',
    level: 'type',
    method: 'POST',
    name: '$find',
    run: find,
    describe: {
      title: 'Find openings',
      description:
        'Openings of a service, soonest first, as proposed Appointments; when there are none, the reason (IHE ITI-115).',
      input: '$find',
      required: ['start', 'end', 'service'],
      changes: false,
      out: 'Bundle',
    },
  },
  {
    type: 'Appointment',
    level: 'type',
    method: 'POST',
    name: '$find-days',
    run: findDays,
    describe: {
      title: 'Count openings by day',
      description: 'How many openings each day at the site has, and the first of them.',
      input: '$find-days',
      required: ['start', 'end', 'service'],
      changes: false,
      out: 'Parameters',
    },
  },
  {
    type: 'Appointment',
    level: 'type',
    method: 'POST',
    name: '$hold',
    run: hold,
    describe: {
      title: 'Hold an opening',
      description: 'Keeps an opening for one patient until a fixed moment (IHE ITI-116).',
      input: '$hold',
      required: ['appointment-resource', 'patient-reference'],
      changes: true,
      out: 'Appointment',
    },
  },
  {
    type: 'Appointment',
    level: 'type',
    method: 'POST',
    name: '$book',
    run: book,
    describe: {
      title: 'Book a visit',
      description:
        'Books what was held, or an opening at once (IHE ITI-117). A hold that replaces a visit moves that visit.',
      input: '$book',
      changes: true,
      out: 'Appointment',
    },
  },
  {
    type: 'Appointment',
    level: 'instance',
    method: 'POST',
    name: '$cancel',
    run: cancel,
    describe: {
      title: 'Cancel a visit',
      description:
        'Cancels a visit, or this and the following ones of its series, or all, and gives the time back.',
      input: '$cancel',
      changes: true,
      out: 'Resource',
    },
  },
]

/** Everything that booking can do. */
export const bookingOperations: readonly Operation[] = ROWS.map(({ describe, ...operation }) => ({
  ...operation,
  definition: defineOperation({
    ...describe,
    name: operation.name,
    on: operation.type,
    level: operation.level,
  }),
}))
