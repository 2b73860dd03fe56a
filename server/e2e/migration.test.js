import assert from 'node:assert/strict'
import { after, test } from 'node:test'

import { validateOperationLog, Client } from '@did-plc/lib'

import { account, startServer } from './server.js'

// Both servers publish to the directory of the first.
const from = await startServer()
after(() => from.stop())
const to = await startServer('--plc-directory', `${from.url}/plc`, '--service-did', 'did:web:new.example.com')
after(() => to.stop())

// See https://atproto.com/guides/account-migration.
test('an account moves to another server and keeps its identity', async () => {
  const { handle, email, password } = account('emigrant')
  const home = await from.signUp('emigrant')
  const { did } = home.session

  const { data: { did: aud } } = await to.agent().com.atproto.server.describeServer()
  await assert.rejects(to.agent().createAccount({ did, handle, email, password }), { status: 401, error: 'AuthenticationRequired' })
  const { data: { token } } = await home.com.atproto.server.getServiceAuth({ aud, lxm: 'com.atproto.server.createAccount' })
  const abroad = to.agent()
  await abroad.com.atproto.server.createAccount({ did, handle, email, password }, { headers: { authorization: `Bearer ${token}` } })
  await abroad.login({ identifier: did, password })
  abroad.sessionManager.pdsUrl = undefined // the identity still leads home
  assert.equal(abroad.session.did, did)
  assert.equal(abroad.session.status, 'deactivated')
  const { data: early } = await abroad.com.atproto.server.checkAccountStatus()
  assert.deepEqual([early.activated, early.validDid], [false, false])
  await assert.rejects(abroad.com.atproto.server.activateAccount(), { status: 400 })

  const { data: credentials } = await abroad.com.atproto.identity.getRecommendedDidCredentials()
  await home.com.atproto.identity.requestPlcOperationSignature()
  const mailed = await from.outbox.token(email, 'PLC Update Operation Requested')
  const { data: { operation } } = await home.com.atproto.identity.signPlcOperation({ token: mailed, ...credentials })
  await abroad.com.atproto.identity.submitPlcOperation({ operation })
  await abroad.com.atproto.server.activateAccount()
  await home.com.atproto.server.deactivateAccount({})

  const log = await new Client(`${from.url}/plc`).getOperationLog(did)
  const data = await validateOperationLog(did, log)
  assert.equal(data.services.atproto_pds.endpoint, to.publicURL)
  assert.deepEqual(data.rotationKeys, credentials.rotationKeys)
  const moved = await to.login(handle, password)
  assert.equal(moved.pdsUrl.href, `${to.publicURL}/`)
  assert.equal(moved.session.active, true)
  const { data: late } = await moved.com.atproto.server.checkAccountStatus()
  assert.deepEqual([late.activated, late.validDid], [true, true])
  assert.equal((await to.agent().com.atproto.identity.resolveHandle({ handle })).data.did, did)
})
