import assert from 'node:assert/strict'
import { after, test } from 'node:test'

import { account, claims, startServer } from './server.js'

const server = await startServer()
after(() => server.stop())

const alice = account('alice')
const { session: created } = await server.signUp('alice')

test('a new account has a session', async () => {
  const agent = server.agent()
  agent.sessionManager.session = created
  const { data } = await agent.com.atproto.server.getSession()
  assert.match(data.did, /^did:plc:[a-z2-7]{24}$/)
  assert.equal(data.handle, alice.handle)
  assert.equal(data.email, alice.email)
  assert.equal(data.emailConfirmed, false)
  assert.equal(data.active, true)
  assert.equal(claims(created.accessJwt).scope, 'com.atproto.access')
  assert.equal(claims(created.refreshJwt).scope, 'com.atproto.refresh')
})

for (const [name, identifier] of [
  ['its handle', alice.handle], ['its handle in capitals', alice.handle.toUpperCase()],
  ['its email', alice.email], ['its email in capitals', alice.email.toUpperCase()],
  ['its DID', created.did],
]) {
  test(`an account logs in by ${name}`, async () => {
    const { session } = await server.login(identifier, alice.password)
    assert.equal(session.did, created.did)
    assert.equal(session.handle, alice.handle)
    assert.equal(session.email, alice.email)
    assert.equal(session.active, true)
  })
}

for (const [name, identifier, password] of [
  ['a wrong password', alice.handle, 'wrong'],
  ['a handle that nobody has', 'nobody.test', alice.password],
  ['no password', alice.handle, ''],
]) {
  test(`a login fails with ${name}`, async () => {
    const failure = { status: 401, error: 'AuthenticationRequired', message: 'Invalid identifier or password' }
    await assert.rejects(server.login(identifier, password), failure)
  })
}

test('the client finds the server in the DID document', async () => {
  const agent = await server.login(alice.handle, alice.password)
  assert.equal(agent.pdsUrl?.href, `${server.publicURL}/`)
})

test('a stored session is resumed, and stored anew', async () => {
  const { session: stored } = await server.login(alice.handle, alice.password)
  const events = []
  const agent = server.agent((event, session) => events.push([event, session]))
  await agent.resumeSession(stored)
  assert.notEqual(agent.session.refreshJwt, stored.refreshJwt)
  assert.deepEqual(events, [['update', agent.session]])
  const { data } = await agent.com.atproto.server.getSession()
  assert.equal(data.did, created.did)
})

test('windows that share a session refresh it at once and stay together', async () => {
  const { session: shared } = await server.login(alice.handle, alice.password)
  const windows = await Promise.all(Array.from({ length: 5 }, async () => {
    const agent = server.agent()
    await agent.resumeSession(shared)
    return agent
  }))
  const ids = windows.map((agent) => claims(agent.session.refreshJwt).jti)
  assert.equal(new Set(ids).size, 1)
  assert.notEqual(ids[0], claims(shared.refreshJwt).jti)
})

// An access token lives for two hours. The server answers one whose session is over in the same way,
// with ExpiredToken, so the client holds such a one together with a refresh token that is good.
test('the client refreshes by itself when its access token is over', async () => {
  const ended = await server.login(alice.handle, alice.password)
  const over = ended.session.accessJwt
  await ended.logout()
  const events = []
  const agent = server.agent((event) => events.push(event))
  await agent.login({ identifier: alice.handle, password: alice.password })
  agent.sessionManager.session = { ...agent.session, accessJwt: over }

  const { data } = await agent.com.atproto.server.getSession()
  assert.equal(data.did, created.did)
  assert.notEqual(agent.session.accessJwt, over)
  assert.deepEqual(events, ['create', 'update'])
})

test('a logout ends the session with all its tokens', async () => {
  const agent = await server.login(alice.handle, alice.password)
  const first = agent.session
  await agent.sessionManager.refreshSession()
  const second = agent.session
  await agent.logout()
  assert.equal(agent.hasSession, false)

  const revoked = { status: 400, error: 'ExpiredToken', message: 'Token has been revoked' }
  for (const session of [first, second]) {
    const access = { headers: { authorization: `Bearer ${session.accessJwt}` } }
    const refresh = { headers: { authorization: `Bearer ${session.refreshJwt}` } }
    await assert.rejects(agent.com.atproto.server.getSession({}, access), revoked)
    await assert.rejects(agent.com.atproto.server.refreshSession(undefined, refresh), revoked)
  }
})

test('a logout leaves the other sessions of the account', async () => {
  const [one, other] = [await server.login(alice.handle, alice.password), await server.login(alice.handle, alice.password)]
  await one.logout()
  await other.sessionManager.refreshSession()
  assert.equal(other.session.did, created.did)
})

test('the client drops a session whose refresh token is no good', async () => {
  const { session } = await server.login(alice.handle, alice.password)
  const events = []
  const agent = server.agent((event) => events.push(event))
  const failure = { status: 400, error: 'InvalidToken', message: 'Token could not be verified' }
  await assert.rejects(agent.resumeSession({ ...session, refreshJwt: session.accessJwt }), failure)
  assert.equal(agent.hasSession, false)
  assert.deepEqual(events, ['expired'])
})
