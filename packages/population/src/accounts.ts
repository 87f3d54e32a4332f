import type { Role } from '@openward/access'

/** An invented person who can sign in to a local install. */
export type DemoAccount = {
  /** What is typed on the sign-in page. */
  username: string
  name: string
  /** Fixed uuid: the `sub` and `oid` of every token. */
  sub: string
  roles: Role[]
  organization: string
  /** Relative reference, as the `fhirUser` claim carries it. */
  fhirUser: string
  /** One line for people: what this account is for. */
  description: string
}

function account(
  number: number,
  username: string,
  name: string,
  roles: Role[],
  fhirUser: string,
  description: string,
  organization = 'openward',
): DemoAccount {
  const sub = `0e8a3c10-5b7d-4f21-9c64-${number.toString(16).padStart(12, '0')}`
  return { username, name, sub, roles, organization, fhirUser, description }
}

function staff(number: number, username: string, name: string, role: Role, description: string): DemoAccount {
  return account(number, username, name, [role], `Practitioner/demo-${username}`, description)
}

/** The invented people of a local install; everyone's password is `demo`. */
export const DEMO_ACCOUNTS: readonly DemoAccount[] = [
  account(
    1,
    'patient',
    'Maya Thornton',
    ['patient'],
    'Patient/demo-patient',
    'Books visits and sees her own record',
  ),
  account(
    2,
    'patient2',
    'Rafael Ortega',
    ['patient'],
    'Patient/demo-patient2',
    'Books visits and sees his own record; prefers Spanish',
  ),
  account(
    3,
    'proxy',
    'Helen Brandt',
    ['patient'],
    'Person/demo-proxy',
    'Acts for her child and her mother, as far as each has agreed',
  ),
  staff(4, 'care-manager', 'Denise Okafor', 'care-manager', 'Follows her panel and writes care plans'),
  staff(
    5,
    'care-manager2',
    'Tomas Lindqvist',
    'care-manager',
    'Follows another panel; meets Denise in shared care plans',
  ),
  staff(6, 'clinician', 'Dr. Priya Raman', 'clinician', 'Sees her patients, their plans and her calendar'),
  staff(7, 'scheduler', 'Marcus Webb', 'scheduler', 'Books for patients and dispatches home visits'),
  staff(8, 'scheduler2', 'Ines Carvalho', 'scheduler', 'Works on the same calendars as Marcus'),
  staff(9, 'home-clinician', 'Grace Nakamura', 'home-clinician', 'Makes home visits today and tomorrow'),
  staff(10, 'home-clinician2', 'Owen Fitzgerald', 'home-clinician', 'Makes home visits on another route'),
  staff(11, 'supervisor', 'Ruth Abernathy', 'supervisor', 'Oversees home visits and approves exceptions'),
  staff(
    12,
    'outreach-author',
    'Leila Haddad',
    'outreach-author',
    'Writes campaigns and chooses who they reach',
  ),
  staff(
    13,
    'outreach-approver',
    'Samuel Greene',
    'outreach-approver',
    'Approves campaigns before they are sent',
  ),
  staff(
    14,
    'template-administrator',
    'Noor Aziz',
    'template-administrator',
    'Keeps care plan templates and message templates',
  ),
  staff(
    15,
    'privacy-officer',
    'Judith Kessler',
    'privacy-officer',
    'Reviews emergency access and who looked at which record',
  ),
  staff(16, 'auditor', 'Victor Lindgren', 'auditor', 'Reads the audit trail, changes nothing'),
  staff(17, 'administrator', 'Ana Beltran', 'administrator', 'Manages sites, services and working hours'),
  account(
    18,
    'lakeside-scheduler',
    'Colin Mercer',
    ['scheduler'],
    'Practitioner/demo-lakeside-scheduler',
    'Books at Lakeside Clinic, a separate organization',
    'lakeside',
  ),
  account(
    19,
    'lakeside-patient',
    'Joy Whitfield',
    ['patient'],
    'Patient/demo-lakeside-patient',
    'A patient of Lakeside Clinic, a separate organization',
    'lakeside',
  ),
]
