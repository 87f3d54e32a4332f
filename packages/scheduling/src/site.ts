import type {
  Extension,
  Location,
  LocationHoursOfOperation,
  PractitionerRole,
  PractitionerRoleAvailableTime,
} from '@medplum/fhirtypes'
import { EXTENSION } from '@openward/fhir-client/canonical'

import { readOf } from './configuration.ts'
import type { ConfigurationProblem, Read } from './configuration.ts'
import { minutesOfTime, WEEKDAYS } from './hours.ts'
import type { Closure, Site, WeeklyHours } from './hours.ts'
import { wallOfDate } from './local-time.ts'
import { isTimeZone } from './zone.ts'

/** Everything that is wrong with weekly hours; `field` names the row: `hours[2].endTime`. */
export function problemsOfHours(hours: readonly WeeklyHours[]): ConfigurationProblem[] {
  return hours.flatMap((row, index) => {
    const problems: ConfigurationProblem[] = []
    const field = `hours[${index}]`
    if (row.daysOfWeek.length === 0) problems.push({ field: `${field}.daysOfWeek`, code: 'missing' })
    if (!row.daysOfWeek.every((day) => WEEKDAYS.includes(day)))
      problems.push({ field: `${field}.daysOfWeek`, code: 'unknown-value' })
    if (row.allDay === true) return problems
    for (const name of ['startTime', 'endTime'] as const) {
      if (row[name] === undefined) problems.push({ field: `${field}.${name}`, code: 'missing' })
      else if (minutesOfTime(row[name]) === undefined)
        problems.push({ field: `${field}.${name}`, code: 'not-a-time' })
    }
    if (problems.length === 0 && row.startTime === row.endTime)
      problems.push({ field: `${field}.endTime`, code: 'end-before-start' })
    return problems
  })
}

function problemsOfClosures(closures: readonly Closure[]): ConfigurationProblem[] {
  return closures.flatMap(({ startDate, endDate }, index): ConfigurationProblem[] => {
    if (wallOfDate(startDate) === undefined)
      return [{ field: `closures[${index}].startDate`, code: 'not-a-date' }]
    if (wallOfDate(endDate) === undefined)
      return [{ field: `closures[${index}].endDate`, code: 'not-a-date' }]
    return endDate < startDate ? [{ field: `closures[${index}].endDate`, code: 'end-before-start' }] : []
  })
}

/** Everything that is wrong with a site's zone, hours and closures; empty when it can be used. */
export function problemsOfSite(site: Site): ConfigurationProblem[] {
  const problems = [...problemsOfHours(site.hours), ...problemsOfClosures(site.closures)]
  if (site.timeZone === '') problems.push({ field: 'timeZone', code: 'missing' })
  else if (!isTimeZone(site.timeZone)) problems.push({ field: 'timeZone', code: 'unknown-time-zone' })
  return problems
}

/** FHIR writes times with seconds; hours are set to the minute, so other seconds are left in place and refused as not a time. */
function withoutSeconds(time: string): string {
  return time.endsWith(':00') && time.length === 8 ? time.slice(0, 5) : time
}

function rowOf(
  daysOfWeek: WeeklyHours['daysOfWeek'],
  allDay: boolean | undefined,
  start: string | undefined,
  end: string | undefined,
): WeeklyHours {
  if (allDay === true) return { daysOfWeek, allDay }
  return {
    daysOfWeek,
    ...(start === undefined ? {} : { startTime: withoutSeconds(start) }),
    ...(end === undefined ? {} : { endTime: withoutSeconds(end) }),
  }
}

function closureFrom(extension: Extension): Closure {
  const part = (url: string) => extension.extension?.find((one) => one.url === url)
  const reason = part('reason')?.valueString
  return {
    startDate: part('start')?.valueDate ?? '',
    endDate: part('end')?.valueDate ?? '',
    ...(reason === undefined ? {} : { reason }),
  }
}

/** Zone, hours and closures of a site's Location, or what is wrong with them. A zone is required: there is no default. */
export function siteFrom(location: Location): Read<Site> {
  const extensions = location.extension ?? []
  const site: Site = {
    timeZone: extensions.find((one) => one.url === EXTENSION.siteTimeZone)?.valueCode ?? '',
    hours: (location.hoursOfOperation ?? []).map((row) =>
      rowOf(row.daysOfWeek ?? [], row.allDay, row.openingTime, row.closingTime),
    ),
    closures: extensions.filter((one) => one.url === EXTENSION.closure).map(closureFrom),
  }
  return readOf(site, problemsOfSite(site))
}

/** The Location with zone, hours and closures replaced, everything else kept; check with `problemsOfSite` first. */
export function withSite(location: Location, site: Site): Location {
  const ours: readonly string[] = [EXTENSION.siteTimeZone, EXTENSION.closure]
  const closures = site.closures.map(({ startDate, endDate, reason }): Extension => {
    const parts: Extension[] = [
      { url: 'start', valueDate: startDate },
      { url: 'end', valueDate: endDate },
    ]
    if (reason !== undefined) parts.push({ url: 'reason', valueString: reason })
    return { url: EXTENSION.closure, extension: parts }
  })
  const { hoursOfOperation: _replaced, ...others } = location
  const hours = site.hours.map((row): LocationHoursOfOperation => {
    if (row.allDay === true) return { daysOfWeek: row.daysOfWeek, allDay: true }
    return {
      daysOfWeek: row.daysOfWeek,
      ...(row.startTime === undefined ? {} : { openingTime: `${row.startTime}:00` }),
      ...(row.endTime === undefined ? {} : { closingTime: `${row.endTime}:00` }),
    }
  })
  return {
    ...others,
    extension: [
      ...(location.extension ?? []).filter((one) => !ours.includes(one.url)),
      { url: EXTENSION.siteTimeZone, valueCode: site.timeZone },
      ...closures,
    ],
    ...(hours.length === 0 ? {} : { hoursOfOperation: hours }),
  }
}

/** A clinician's weekly hours at the role's site (wall times there), or what is wrong with them. */
export function workingHoursFrom(role: PractitionerRole): Read<WeeklyHours[]> {
  const hours = (role.availableTime ?? []).map((row) =>
    rowOf(row.daysOfWeek ?? [], row.allDay, row.availableStartTime, row.availableEndTime),
  )
  return readOf(hours, problemsOfHours(hours))
}

/** The PractitionerRole with its weekly hours replaced, everything else kept; check with `problemsOfHours` first. */
export function withWorkingHours(role: PractitionerRole, hours: readonly WeeklyHours[]): PractitionerRole {
  const { availableTime: _replaced, ...others } = role
  if (hours.length === 0) return others
  const availableTime = hours.map((row): PractitionerRoleAvailableTime => {
    if (row.allDay === true) return { daysOfWeek: row.daysOfWeek, allDay: true }
    return {
      daysOfWeek: row.daysOfWeek,
      ...(row.startTime === undefined ? {} : { availableStartTime: `${row.startTime}:00` }),
      ...(row.endTime === undefined ? {} : { availableEndTime: `${row.endTime}:00` }),
    }
  })
  return { ...others, availableTime }
}
