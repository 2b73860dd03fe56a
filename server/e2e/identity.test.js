import assert from 'node:assert/strict'
import { get } from 'node:http'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'

import { Secp256k1Keypair, verifySignature } from '@atproto/crypto'
import * as plc from '@did-plc/lib'

import { account, claims, startServer } from './server.js'

const server = await startServer()
after(() => server.stop())

const directory = new plc.Client(`${server.url}/plc`)

// audit reads the log of an identity, checks it as a directory does, operation by operation and as a
// whole, and returns its operations and what they come to.
async function audit(did) {
  const log = await directory.getAuditableLog(did)
  const before = []
  for (const { cid, operation, createdAt } of log) {
    const { prev, nullified } = await plc.assureValidNextOp(did, before, operation)
    assert.equal(prev?.toString(), before.at(-1)?.cid.toString())
    assert.deepEqual(nullified, [])
    before.push({ did, cid: (await plc.getLastOpWithCid([operation])).cid, operation, nullified: false, createdAt: new Date(createdAt) })
    assert.equal(before.at(-1).cid.toString(), cid)
  }
  const operations = log.map(({ operation }) => operation)
  return { operations, data: await plc.validateOperationLog(did, operations) }
}

test('the identity of a new account is a valid one', async () => {
  const { session: { did, handle } } = await server.signUp('settler')
  const { operations, data } = await audit(did)
  assert.equal(operations.length, 1)
  await plc.assureValidOp(operations[0])
  await plc.assureValidCreationOp(did, operations[0])
  assert.deepEqual(data.alsoKnownAs, [`at://${handle}`])
  assert.deepEqual(data.services, { atproto_pds: { type: 'AtprotoPersonalDataServer', endpoint: server.publicURL } })
  assert.deepEqual(Object.keys(data.verificationMethods), ['atproto'])
  assert.equal(data.rotationKeys.length, 1)
  assert.deepEqual(await directory.getDocumentData(did), data)
  const document = await directory.getDocument(did)
  assert.equal(document.id, did)
  assert.deepEqual(document.alsoKnownAs, data.alsoKnownAs)
})

test('who signs up with a recovery key stays the master of the identity', async () => {
  const recovery = await Secp256k1Keypair.create()
  const { session: { did } } = await server.signUp('keeper', { recoveryKey: recovery.did() })
  const { data } = await audit(did)
  assert.equal(data.rotationKeys[0], recovery.did())

  await directory.updatePds(did, recovery, 'https://pds.example.com')
  const { operations, data: moved } = await audit(did)
  assert.equal(operations.length, 2)
  assert.equal(moved.services.atproto_pds.endpoint, 'https://pds.example.com')
  await assert.rejects(directory.updatePds(did, await Secp256k1Keypair.create(), server.publicURL), plc.PlcClientError)
})

test('a handle is resolved by the method and by its own domain', async () => {
  const { session: { did, handle } } = await server.signUp('resolved')
  const { identity } = server.agent().com.atproto
  for (const spelling of [handle, handle.toUpperCase()]) {
    assert.equal((await identity.resolveHandle({ handle: spelling })).data.did, did)
  }
  await assert.rejects(identity.resolveHandle({ handle: 'nobody.test' }), { status: 400, error: 'HandleNotFound', message: 'Unable to resolve handle' })
  assert.deepEqual(await wellKnown(handle), [200, did])
  assert.equal((await wellKnown('nobody.test'))[0], 404)
})

// wellKnown asks for /.well-known/atproto-did as the host of a handle.
async function wellKnown(host) {
  const response = await new Promise((resolve, reject) => {
    get(`${server.url}/.well-known/atproto-did`, { headers: { host } }, resolve).on('error', reject)
  })
  return [response.statusCode, (await text(response)).trim()]
}

test('a new handle is that of the account and of its identity', async () => {
  const agent = await server.signUp('oldname')
  await server.signUp('occupied')
  const { did } = agent.session
  const { identity } = agent.com.atproto
  await assert.rejects(identity.updateHandle({ handle: 'Occupied.test' }), { status: 400, error: 'HandleNotAvailable', message: 'Handle already taken: occupied.test' })
  assert.equal((await audit(did)).operations.length, 1)

  await identity.updateHandle({ handle: 'NewName.test' })
  const { operations, data } = await audit(did)
  assert.equal(operations.length, 2)
  assert.deepEqual(data.alsoKnownAs, ['at://newname.test'])
  assert.equal((await identity.resolveHandle({ handle: 'newname.test' })).data.did, did)
  await assert.rejects(identity.resolveHandle({ handle: 'oldname.test' }), { error: 'HandleNotFound' })
  const { session } = await server.login('newname.test', account('oldname').password)
  assert.equal(session.did, did)
})

test('the server signs what the owner asks for with a mailed token', async () => {
  const agent = await server.signUp('signer')
  const { did, email } = agent.session
  const { identity } = agent.com.atproto
  const { data: recommended } = await identity.getRecommendedDidCredentials()
  const { data: before } = await audit(did)
  assert.deepEqual({ did, ...recommended }, before)

  const added = await Secp256k1Keypair.create()
  const rotationKeys = [added.did(), ...before.rotationKeys]
  await identity.requestPlcOperationSignature()
  const token = await server.outbox.token(email, 'PLC Update Operation Requested')
  await assert.rejects(identity.signPlcOperation({ rotationKeys }), { status: 400, message: 'email confirmation token required to sign PLC operations' })
  await assert.rejects(identity.signPlcOperation({ rotationKeys, token: '123456' }), { status: 400, error: 'InvalidToken' })
  const { data: { operation } } = await identity.signPlcOperation({ rotationKeys, token })
  await plc.assureValidSig(before.rotationKeys, operation)
  await identity.submitPlcOperation({ operation })

  const { operations, data } = await audit(did)
  assert.equal(operations.length, 2)
  assert.deepEqual(data, { ...before, rotationKeys })
})

test('an operation that would lock the server out is refused', async () => {
  const recovery = await Secp256k1Keypair.create()
  const agent = await server.signUp('locker', { recoveryKey: recovery.did() })
  const last = await directory.getLastOp(agent.session.did)
  const operation = await plc.updateRotationKeysOp(last, recovery, [recovery.did()])
  await assert.rejects(agent.com.atproto.identity.submitPlcOperation({ operation }), { status: 400, message: "Rotation keys do not include server's rotation key" })
  assert.equal((await audit(agent.session.did)).operations.length, 1)
})

test('a token for another service is signed with the key in the identity', async () => {
  const agent = await server.signUp('caller')
  const { did } = agent.session
  const { data: { token } } = await agent.com.atproto.server.getServiceAuth({ aud: 'did:web:example.com#feed', lxm: 'com.example.getFeed' })
  const { iss, aud, lxm, iat, exp } = claims(token)
  assert.deepEqual({ iss, aud, lxm }, { iss: did, aud: 'did:web:example.com#feed', lxm: 'com.example.getFeed' })
  assert.equal(exp - iat, 60)
  const [, signed, signature] = token.match(/^(.*)\.(.*)$/)
  const { data } = await audit(did)
  assert.ok(await verifySignature(data.verificationMethods.atproto, Buffer.from(signed), Buffer.from(signature, 'base64url')))
})
