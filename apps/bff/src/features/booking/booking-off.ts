import { capabilitiesOf } from '#/lib/capabilities.ts'
import type { Operation, OperationContext } from '#/lib/operation.ts'

import { refused } from './answers.ts'

/** Where nothing proves that two bookings of the same time cannot both win, there are none. */
export async function isBookingOff(context: OperationContext): Promise<boolean> {
  const { isBookingSafe, software } = await capabilitiesOf(context.fhir)
  if (!isBookingSafe)
    context.log.warn(
      { software },
      'booking is off: this FHIR server has no passing verdict of npm run conformance',
    )
  return !isBookingSafe
}

/** The operation, refused while booking is off. */
export function whileBookingIsOn(run: Operation['run']): Operation['run'] {
  return async (context, input) =>
    (await isBookingOff(context))
      ? refused(context, { ok: false, reason: 'booking-off' })
      : run(context, input)
}
