/** `needed`: Openward depends on it. `spare`: Openward does without, with the loss that `without` tells. */
type Need = { need: 'needed'; without?: never } | { need: 'spare'; without: string }
type Row = { group: string; what: string } & Need

/** Everything that is looked at, in the order in which it is done. The checks themselves are in `checks/`. */
export const CAPABILITIES = {
  statement: {
    group: 'What it says of itself',
    need: 'needed',
    what: 'has a CapabilityStatement for FHIR 4.0.1 with a software name, its types and interactions',
  },
  'statement-version': {
    group: 'What it says of itself',
    need: 'spare',
    what: 'tells the version of its software',
    without:
      'nothing tells when a verdict is about an older version: run this again after every change of the server',
  },
  'statement-search': {
    group: 'What it says of itself',
    need: 'spare',
    what: 'lists every search parameter that callers of Openward may use',
    without:
      'on a server that passes over unknown parameters, searches by those it does not list are refused',
  },

  create: { group: 'One resource', need: 'needed', what: 'creates, with an id and a version of its own' },
  read: { group: 'One resource', need: 'needed', what: 'reads what was stored, and 404 for what was not' },
  update: { group: 'One resource', need: 'needed', what: 'updates, and each change makes a new version' },
  'update-extension': {
    group: 'One resource',
    need: 'needed',
    what: 'takes a changed extension for a change (a calendar is locked by one)',
  },
  'update-unchanged': {
    group: 'One resource',
    need: 'spare',
    what: 'does one or the other with an update that changes nothing',
    without: 'nothing: Openward never relies on it',
  },
  'update-as-create': {
    group: 'One resource',
    need: 'needed',
    what: 'stores under an id that the client chose',
  },
  'if-match': {
    group: 'One resource',
    need: 'needed',
    what: 'refuses an update of another version (If-Match), and changes nothing',
  },
  'if-none-match': {
    group: 'One resource',
    need: 'spare',
    what: 'refuses to create over what is there (If-None-Match: *)',
    without: 'Openward asks for it inside transactions only',
  },
  'if-none-exist': {
    group: 'One resource',
    need: 'spare',
    what: 'creates only what it does not have (If-None-Exist)',
    without: '`npm run link` may store a care team twice when it is interrupted',
  },
  delete: { group: 'One resource', need: 'needed', what: 'deletes: it cannot be read any more' },
  gone: {
    group: 'One resource',
    need: 'spare',
    what: 'answers 410 for what was deleted',
    without: '404 means the same to Openward',
  },
  'json-patch': {
    group: 'One resource',
    need: 'spare',
    what: 'applies a JSON Patch',
    without: 'the BFF applies patches by itself',
  },
  vread: { group: 'One resource', need: 'needed', what: 'reads an older version' },
  history: { group: 'One resource', need: 'needed', what: 'lists the versions of a resource' },
  'history-since': {
    group: 'One resource',
    need: 'spare',
    what: 'tells what was written since a moment (_history?_since over all types)',
    without: 'open pages do not hear of changes by themselves (/events stays silent)',
  },
  headers: {
    group: 'One resource',
    need: 'spare',
    what: 'sends Location, ETag and Last-Modified',
    without: 'versions and ids are taken from the resources instead',
  },
  errors: {
    group: 'One resource',
    need: 'spare',
    what: 'says in an OperationOutcome what is wrong, and refuses what is not FHIR',
    without: 'people read "not accepted" without the field that is wrong',
  },

  batch: { group: 'Bundles', need: 'needed', what: 'takes a batch: each entry by itself' },
  transaction: {
    group: 'Bundles',
    need: 'needed',
    what: 'stores a transaction, and tells the id of each entry in order',
  },
  'transaction-references': {
    group: 'Bundles',
    need: 'needed',
    what: 'resolves urn:uuid references between the entries of a transaction',
  },
  'transaction-atomic': {
    group: 'Bundles',
    need: 'needed',
    what: 'stores all of a transaction or nothing of it',
  },
  'transaction-if-match': {
    group: 'Bundles',
    need: 'needed',
    what: 'honours ifMatch inside a transaction: a stale one stores nothing',
  },
  'transaction-race': {
    group: 'Bundles',
    need: 'needed',
    what: 'lets exactly one of the transactions win that change one calendar at once',
  },
  'transaction-delete-if-match': {
    group: 'Bundles',
    need: 'spare',
    what: 'honours ifMatch of a delete inside a transaction',
    without: 'calendars stay safe, as their own versions are checked in the same transaction',
  },
  'transaction-if-none-match': {
    group: 'Bundles',
    need: 'spare',
    what: 'honours ifNoneMatch: * inside a transaction',
    without: 'calendars stay safe; one Idempotency-Key sent with two bodies at once is not told apart',
  },
  'transaction-if-none-exist': {
    group: 'Bundles',
    need: 'spare',
    what: 'honours ifNoneExist inside a transaction',
    without: '`npm run import` of files with conditional creates may store these twice',
  },
  'transaction-size': { group: 'Bundles', need: 'needed', what: 'takes a transaction of 200 entries' },

  'search-appointment': { group: 'Searches', need: 'needed', what: 'finds visits as booking looks for them' },
  'search-slot': { group: 'Searches', need: 'needed', what: 'finds taken time to the millisecond' },
  'search-schedule': { group: 'Searches', need: 'needed', what: 'finds the calendars of people and rooms' },
  'search-directory': {
    group: 'Searches',
    need: 'needed',
    what: 'finds services, sites, rooms and who works there',
  },
  'search-people': {
    group: 'Searches',
    need: 'needed',
    what: 'finds patients, their proxies and consents, and care teams',
  },
  'search-clinical': {
    group: 'Searches',
    need: 'needed',
    what: 'finds what belongs to a patient: referrals, encounters, observations, conditions',
  },
  'search-include': {
    group: 'Searches',
    need: 'needed',
    what: 'brings along what matches refer to (_include)',
  },
  'search-revinclude': {
    group: 'Searches',
    need: 'spare',
    what: 'brings along what refers to matches (_revinclude)',
    without: 'callers of the API who ask for it are refused or get the matches alone; no screen does',
  },
  'search-chain': {
    group: 'Searches',
    need: 'spare',
    what: 'searches through a reference (chains, _has)',
    without: 'nothing: Openward does not use them',
  },
  'search-modifiers': {
    group: 'Searches',
    need: 'spare',
    what: 'knows :not and :contains',
    without: 'callers of the API who search with them are refused',
  },
  'search-strings': {
    group: 'Searches',
    need: 'spare',
    what: 'finds names whatever their case and accents',
    without: 'names have to be typed as they are stored',
  },
  'search-sort': { group: 'Searches', need: 'needed', what: 'sorts by date, both ways' },
  'search-paging': {
    group: 'Searches',
    need: 'needed',
    what: 'gives long answers in pages, each match once, by links below its own base',
  },
  'search-many': {
    group: 'Searches',
    need: 'needed',
    what: 'takes 200 ids or references in one search, and a _count of 1,000',
  },
  'search-elements': {
    group: 'Searches',
    need: 'needed',
    what: 'takes _elements, and gives at least these',
  },
  'search-last-updated': { group: 'Searches', need: 'needed', what: 'finds what was written lately' },
  'search-now': {
    group: 'Searches',
    need: 'needed',
    what: 'finds at once what was stored a moment ago, and no longer what was changed or deleted',
  },
  'search-strict': {
    group: 'Searches',
    need: 'spare',
    what: 'refuses unknown parameters (Prefer: handling=strict)',
    without: 'the BFF refuses parameters that the CapabilityStatement does not list',
  },
  'search-total': {
    group: 'Searches',
    need: 'spare',
    what: 'tells the number of matches (_total=accurate)',
    without: 'the BFF counts by a second search (_summary=count)',
  },
  'search-count': {
    group: 'Searches',
    need: 'spare',
    what: 'counts without sending (_summary=count)',
    without: 'numbers of matches may be missing',
  },

  extensions: {
    group: 'What it keeps',
    need: 'needed',
    what: 'keeps extensions, also of primitive values, and contained resources',
  },
  text: {
    group: 'What it keeps',
    need: 'needed',
    what: 'keeps text in any script, quotes and markup as it is',
  },
  instants: { group: 'What it keeps', need: 'needed', what: 'keeps moments, whatever their offset' },
  decimals: {
    group: 'What it keeps',
    need: 'spare',
    what: 'keeps the digits of numbers (1.00, 18 digits)',
    without: 'measurements lose trailing zeros or far digits',
  },

  everything: {
    group: 'Operations',
    need: 'spare',
    what: 'gives all of a patient (Patient/$everything)',
    without: 'nothing yet: no screen uses it',
  },
  validate: {
    group: 'Operations',
    need: 'spare',
    what: 'checks a resource without storing it ($validate)',
    without: 'nothing yet: no screen uses it',
  },
  export: {
    group: 'Operations',
    need: 'spare',
    what: 'exports in bulk ($export)',
    without: 'copies of the whole are made by the means of that server',
  },
  'find-busy': {
    group: 'Operations',
    need: 'spare',
    what: "tells busy time in few words (Openward's own Slot/$find-busy)",
    without: 'the same is read by searches, which takes longer with hundreds of calendars',
  },
} as const satisfies Record<string, Row>

export type CapabilityName = keyof typeof CAPABILITIES

export const CAPABILITY_NAMES = Object.keys(CAPABILITIES) as CapabilityName[]

export function capabilityRow(name: CapabilityName): Row {
  return CAPABILITIES[name]
}
