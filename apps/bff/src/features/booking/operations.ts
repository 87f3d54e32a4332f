import type { Operation } from '#/lib/operation.ts'

import { block, unblock } from './block.ts'
import { book } from './book.ts'
import { whileBookingIsOn } from './booking-off.ts'
import { cancel } from './cancel.ts'
import { close } from './close.ts'
import { defineOperation } from './definitions.ts'
import { find, findDays } from './find.ts'
import { hold } from './hold.ts'
import { ics } from './ics.ts'
import { releaseHold } from './release-hold.ts'
import { reschedule } from './reschedule.ts'
import { series } from './series.ts'

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
  {
    type: 'Appointment',
    level: 'instance',
    method: 'POST',
    name: '$reschedule',
    run: reschedule,
    describe: {
      title: 'Move a visit',
      description:
        'Moves a visit, or this and the following ones of its series, or all. Their ids stay, the old time is given back.',
      input: '$reschedule',

      changes: true,
      out: 'Resource',
    },
  },
  {
    type: 'Appointment',
    level: 'instance',
    method: 'POST',
    name: '$release',
    run: releaseHold,
    describe: {
      title: 'Give up a hold',
      description: 'Gives up a hold before its end.',

      changes: true,
      out: 'Appointment',
    },
  },
  {
    type: 'Appointment',
    level: 'type',
    method: 'POST',
    name: '$series',
    run: series,
    describe: {
      title: 'Check or book a weekly series',
      description:
        'Without chosen starts: every week checked, with alternatives. With them: all are booked, or none.',
      input: '$series',
      required: ['appointment-resource', 'patient-reference', 'count'],
      changes: true,
      out: 'Resource',
    },
  },
  {
    type: 'Appointment',
    level: 'instance',
    method: 'GET',
    name: '$ics',
    run: ics,
    describe: {
      title: 'Calendar file of a visit',
      description: 'iCalendar with place and time, and nothing about health.',

      changes: false,
      out: 'Binary',
    },
  },
  {
    type: 'Schedule',
    level: 'instance',
    method: 'POST',
    name: '$block',
    run: block,
    describe: {
      title: 'Set leave',
      description: 'Keeps a span of a calendar free of bookings; answers which visits are in it.',
      input: '$block',
      required: ['start', 'end'],
      changes: true,
      out: 'Parameters',
    },
  },
  {
    type: 'Schedule',
    level: 'instance',
    method: 'POST',
    name: '$unblock',
    run: unblock,
    describe: {
      title: 'Take leave back',
      description: 'Opens a span of a calendar again.',
      input: '$unblock',
      required: ['slot'],
      changes: true,
      out: 'Parameters',
    },
  },
  {
    type: 'Location',
    level: 'instance',
    method: 'POST',
    name: '$close',
    run: close,
    describe: {
      title: 'Close a site',
      description: 'Closes a site for whole days; answers which visits are booked there then.',
      input: '$close',
      required: ['start', 'end'],
      changes: true,
      out: 'Parameters',
    },
  },
]

/** Everything that booking can do. */
export const bookingOperations: readonly Operation[] = ROWS.map(({ describe, ...operation }) => ({
  ...operation,
  run: describe.changes ? whileBookingIsOn(operation.run) : operation.run,
  definition: defineOperation({
    ...describe,
    name: operation.name,
    on: operation.type,
    level: operation.level,
  }),
}))
