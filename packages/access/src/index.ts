export { type Caller, type ReachablePerson, type Role, ROLES } from './caller.ts'
