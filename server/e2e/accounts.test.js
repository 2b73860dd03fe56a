import assert from 'node:assert/strict'
import { after, test } from 'node:test'

import { account, startServer } from './server.js'

const server = await startServer()
after(() => server.stop())

const { identity } = server.agent().com.atproto
await server.signUp('alice')

for (const [name, change, failure] of [
  ['a handle that is taken', { handle: 'Alice.test' }, { error: 'HandleNotAvailable', message: 'Handle already taken: alice.test' }],
  ['an email that is taken', { email: 'Alice@example.com' }, { message: 'Email already taken: Alice@example.com' }],
  ['a reserved handle', { handle: 'admin.test' }, { error: 'HandleNotAvailable', message: 'Reserved handle' }],
  ['a handle that is too short', { handle: 'ab.test' }, { error: 'InvalidHandle', message: 'Handle too short' }],
  ['a handle below another', { handle: 'a.lice.test' }, { error: 'InvalidHandle', message: 'Invalid characters in handle' }],
  ['a handle of another domain', { handle: 'alice.example.com' }, { error: 'UnsupportedDomain', message: 'Not a supported handle domain' }],
  ['no address', { email: 'nowhere' }, { message: /email/ }],
  ['no email', { email: undefined }, { message: 'Email is required' }],
]) {
  test(`nobody signs up with ${name}`, async () => {
    await assert.rejects(server.signUp('newcomer', change), { status: 400, ...failure })
  })
}

test('a deactivated account is not to be found until it is activated', async () => {
  const agent = await server.signUp('sleeper')
  const { did, handle } = agent.session
  const { com } = agent
  assert.equal((await identity.resolveHandle({ handle })).data.did, did)

  await com.atproto.server.deactivateAccount({})
  await assert.rejects(identity.resolveHandle({ handle }), { status: 400, error: 'HandleNotFound' })
  const asleep = await server.login(handle, account('sleeper').password)
  assert.equal(asleep.session.active, false)
  assert.equal(asleep.session.status, 'deactivated')
  assert.equal((await com.atproto.server.checkAccountStatus()).data.activated, false)

  await asleep.com.atproto.server.activateAccount()
  assert.equal((await identity.resolveHandle({ handle })).data.did, did)
  const { data } = await com.atproto.server.getSession()
  assert.equal(data.active, true)
  assert.equal(data.status, undefined)
  assert.equal((await com.atproto.server.checkAccountStatus()).data.validDid, true)
})

test('an account is deleted with its password and the token that was mailed', async () => {
  const agent = await server.signUp('leaver')
  const { did, handle, email } = agent.session
  const { password } = account('leaver')
  await agent.com.atproto.server.requestAccountDelete()
  const token = await server.outbox.token(email, 'Account Deletion Requested')

  const { server: methods } = server.agent().com.atproto
  const denied = { status: 401, error: 'AuthenticationRequired', message: 'Invalid did or password' }
  await assert.rejects(methods.deleteAccount({ did, password: 'wrong', token }), denied)
  await assert.rejects(methods.deleteAccount({ did: 'did:plc:aaaaaaaaaaaaaaaaaaaaaaaa', password, token }), denied)
  await assert.rejects(methods.deleteAccount({ did, password, token: '123456' }), { status: 400, error: 'InvalidToken' })
  await methods.deleteAccount({ did, password, token })

  await assert.rejects(agent.com.atproto.server.getSession(), { error: 'AccountNotFound' })
  await assert.rejects(server.login(handle, password), { status: 401, error: 'AuthenticationRequired' })
  await assert.rejects(identity.resolveHandle({ handle }), { error: 'HandleNotFound' })
  const again = await server.signUp('leaver')
  assert.notEqual(again.session.did, did)
})

test('an account that was taken down moves with a session for just that', async () => {
  const { session: { did, handle } } = await server.signUp('troubled')
  const { password } = account('troubled')
  const subject = { $type: 'com.atproto.admin.defs#repoRef', did }
  await server.admin().com.atproto.admin.updateSubjectStatus({ subject, takedown: { applied: true, ref: 'case 7' } })

  const takendown = { status: 401, error: 'AccountTakedown', message: 'Account has been taken down' }
  await assert.rejects(server.login(handle, password), takendown)
  const agent = await server.login(handle, password, { allowTakendown: true })
  await assert.rejects(agent.com.atproto.server.getServiceAuth({ aud: 'did:web:example.com', lxm: 'com.atproto.repo.uploadBlob' }), { error: 'InvalidToken' })
  const { data } = await agent.com.atproto.server.getServiceAuth({ aud: 'did:web:example.com', lxm: 'com.atproto.server.createAccount' })
  assert.ok(data.token)

  const { data: status } = await server.admin().com.atproto.admin.getSubjectStatus({ did })
  assert.deepEqual(status.takedown, { applied: true, ref: 'case 7' })
})
