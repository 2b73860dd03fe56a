import assert from 'node:assert/strict'
import { after, test } from 'node:test'

import { account, claims, startServer } from './server.js'

const server = await startServer()
after(() => server.stop())

async function create(agent, name, privileged) {
  const { data } = await agent.com.atproto.server.createAppPassword({ name, privileged })
  return data
}

test('app passwords are created and listed, the newest first', async () => {
  const agent = await server.signUp('lister')
  const plain = await create(agent, 'plain')
  const privileged = await create(agent, 'privileged', true)
  assert.match(plain.password, /^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/)
  assert.notEqual(plain.password, privileged.password)
  const { data } = await agent.com.atproto.server.listAppPasswords()
  assert.deepEqual(data.passwords, [
    { name: 'privileged', createdAt: privileged.createdAt, privileged: true },
    { name: 'plain', createdAt: plain.createdAt, privileged: false },
  ])
})

for (const [name, privileged, scope] of [
  ['plain', false, 'com.atproto.appPass'],
  ['privileged', true, 'com.atproto.appPassPrivileged'],
]) {
  test(`a ${name} app password opens a session of its own scope`, async () => {
    const owner = await server.signUp(`scope-${name}`)
    const { password } = await create(owner, 'phone', privileged)
    const agent = await server.login(owner.session.handle, password)
    assert.equal(claims(agent.session.accessJwt).scope, scope)
    await agent.sessionManager.refreshSession()
    assert.equal(claims(agent.session.accessJwt).scope, scope)
    const { data } = await agent.com.atproto.server.getSession()
    assert.equal(data.did, owner.session.did)
  })
}

test('an app password is not enough for what belongs to the owner', async () => {
  const owner = await server.signUp('guarded')
  const { password } = await create(owner, 'phone', true)
  const { com } = await server.login(owner.session.handle, password)
  const badScope = { status: 400, error: 'InvalidToken', message: 'Bad token scope' }
  await assert.rejects(com.atproto.server.createAppPassword({ name: 'another' }), badScope)
  await assert.rejects(com.atproto.server.deactivateAccount({}), badScope)
  await assert.rejects(com.atproto.server.requestAccountDelete(), badScope)
  await assert.rejects(com.atproto.server.requestEmailUpdate(), badScope)
  await assert.rejects(com.atproto.server.getAccountInviteCodes(), badScope)
})

test('a name is given once', async () => {
  const agent = await server.signUp('twice')
  await create(agent, 'phone')
  await assert.rejects(create(agent, 'phone'), { status: 400 })
})

test('a revoked app password opens nothing, and its sessions are over', async () => {
  const owner = await server.signUp('revoker')
  const { password } = await create(owner, 'phone')
  const other = await create(owner, 'tablet')
  const agent = await server.login(owner.session.handle, password)
  const tablet = await server.login(owner.session.handle, other.password)
  const { accessJwt } = agent.session
  await owner.com.atproto.server.revokeAppPassword({ name: 'phone' })

  const revoked = { status: 400, error: 'ExpiredToken', message: 'Token has been revoked' }
  const access = { headers: { authorization: `Bearer ${accessJwt}` } }
  await assert.rejects(agent.com.atproto.server.getSession({}, access), revoked)
  await assert.rejects(agent.sessionManager.refreshSession(), revoked)
  await assert.rejects(server.login(owner.session.handle, password), { status: 401, error: 'AuthenticationRequired' })

  await tablet.sessionManager.refreshSession()
  await owner.com.atproto.server.revokeAppPassword({ name: 'phone' })
  const { data } = await owner.com.atproto.server.listAppPasswords()
  assert.deepEqual(data.passwords.map(({ name }) => name), ['tablet'])
})
