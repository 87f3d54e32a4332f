import { expect, test } from 'vitest'
import { callerOf } from './caller.ts'

test('takes roles and organisation from the claims of the local provider', () => {
  const idTokenClaims = { sub: 's', preferred_username: 'maya', roles: ['patient'], organization: 'openward' }
  expect(callerOf({ name: 'Maya', username: 'maya', localAccountId: 'x', idTokenClaims })).toEqual({
    sub: 's',
    name: 'Maya',
    username: 'maya',
    roles: ['patient'],
    organization: 'openward',
  })
})

test('without claims, or with claims of the wrong shape, gives no role and no organisation', () => {
  const account = { username: 'maya', localAccountId: 'x' }
  const nobody = { sub: 'x', name: 'maya', username: 'maya', roles: [], organization: undefined }
  expect(callerOf(account)).toEqual(nobody)
  expect(callerOf({ ...account, idTokenClaims: { roles: 'patient', organization: 7 } })).toEqual(nobody)
  expect(callerOf({ ...account, idTokenClaims: { roles: [1, 'patient', null] } }).roles).toEqual(['patient'])
})
