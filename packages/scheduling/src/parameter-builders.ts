import type { Parameters } from '@medplum/fhirtypes'

import { parametersFor } from './parameters.ts'
import type { ClientInput } from './parameters.ts'

/** Body of `Appointment/$find` and `$find-days`. */
export function findParameters(input: ClientInput<'$find'>): Parameters {
  return parametersFor('$find', input)
}

/** Body of `Appointment/$hold`; `opening` is an Appointment as `$find` answered it. */
export function holdParameters(input: ClientInput<'$hold'>): Parameters {
  return parametersFor('$hold', input)
}

/** Body of `Appointment/$book`: with one's own `hold`, or with an `opening` and its `patient`. */
export function bookParameters(input: ClientInput<'$book'>): Parameters {
  return parametersFor('$book', input)
}

/** Body of `Appointment/<id>/$cancel`. */
export function cancelParameters(input: ClientInput<'$cancel'>): Parameters {
  return parametersFor('$cancel', input)
}

/** Body of `Appointment/<id>/$reschedule`: to an `opening`, or to one's own `hold`. */
export function rescheduleParameters(input: ClientInput<'$reschedule'>): Parameters {
  return parametersFor('$reschedule', input)
}

/** Body of `Appointment/$series`; without `chosen` it only checks. */
export function seriesParameters(input: ClientInput<'$series'>): Parameters {
  return parametersFor('$series', input)
}

/** Body of `Schedule/<id>/$block`. */
export function blockParameters(input: ClientInput<'$block'>): Parameters {
  return parametersFor('$block', input)
}

/** Body of `Schedule/<id>/$unblock`. */
export function unblockParameters(input: ClientInput<'$unblock'>): Parameters {
  return parametersFor('$unblock', input)
}

/** Body of `Location/<id>/$close`. */
export function closeParameters(input: ClientInput<'$close'>): Parameters {
  return parametersFor('$close', input)
}
