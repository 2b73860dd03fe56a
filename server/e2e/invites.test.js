import assert from 'node:assert/strict'
import { after, test } from 'node:test'

import { account, startServer } from './server.js'

const server = await startServer('--invite-required')
after(() => server.stop())

const admin = server.admin().com.atproto
const unavailable = { status: 400, error: 'InvalidInviteCode', message: 'Provided invite code not available' }

async function invite(useCount = 1, forAccount) {
  const { data } = await admin.server.createInviteCode({ useCount, forAccount })
  return data.code
}

test('the server says that it takes a code', async () => {
  const { data } = await server.agent().com.atproto.server.describeServer()
  assert.equal(data.inviteCodeRequired, true)
  assert.deepEqual(data.availableUserDomains, ['.test'])
})

test('nobody signs up without a code, or with a made-up one', async () => {
  await assert.rejects(server.signUp('stranger'), { status: 400, error: 'InvalidInviteCode', message: 'No invite code provided' })
  await assert.rejects(server.signUp('stranger', { inviteCode: 'localhost-aaaaa-aaaaa' }), unavailable)
})

test('only the administrator creates codes', async () => {
  const failure = { status: 401, error: 'AuthenticationRequired', message: 'Authentication Required' }
  const user = await server.signUp('plainuser', { inviteCode: await invite() })
  for (const agent of [server.agent(), server.admin('wrong'), user]) {
    await assert.rejects(agent.com.atproto.server.createInviteCode({ useCount: 1 }), failure)
    await assert.rejects(agent.com.atproto.server.createInviteCodes({ codeCount: 1, useCount: 1 }), failure)
  }
})

test('a code is good for as many sign-ups as it has uses', async () => {
  const inviteCode = await invite(2)
  assert.match(inviteCode, /^localhost-[a-z2-7]{5}-[a-z2-7]{5}$/)
  await server.signUp('first', { inviteCode })
  await server.signUp('second', { inviteCode: ` ${inviteCode.toUpperCase()} ` })
  await assert.rejects(server.signUp('third', { inviteCode }), unavailable)
})

test('a sign-up that fails does not use the code up', async () => {
  const inviteCode = await invite()
  await assert.rejects(server.signUp('no', { inviteCode }), { status: 400, error: 'InvalidHandle' })
  await server.signUp('after-all', { inviteCode })
})

test('of sign-ups that race for one use, one succeeds', async () => {
  const inviteCode = await invite()
  const racers = Array.from({ length: 6 }, (_, i) => server.signUp(`racer${i}`, { inviteCode }))
  const outcomes = await Promise.allSettled(racers)
  const losers = outcomes.filter(({ status }) => status === 'rejected').map(({ reason }) => reason.error)
  assert.deepEqual(losers, Array(5).fill('InvalidInviteCode'))
})

test('codes for accounts are theirs to give away', async () => {
  const one = await server.signUp('giver1', { inviteCode: await invite() })
  const two = await server.signUp('giver2', { inviteCode: await invite() })
  const forAccounts = [one.session.did, two.session.did]
  const { data } = await admin.server.createInviteCodes({ codeCount: 2, useCount: 1, forAccounts })
  assert.deepEqual(data.codes.map(({ account, codes }) => [account, codes.length]), forAccounts.map((did) => [did, 2]))

  const [gift] = data.codes[0].codes
  const newcomer = await server.signUp('newcomer', { inviteCode: gift })
  const { data: mine } = await one.com.atproto.server.getAccountInviteCodes()
  assert.deepEqual(mine.codes.map(({ code }) => code).sort(), [...data.codes[0].codes].sort())
  const used = mine.codes.find(({ code }) => code === gift)
  assert.deepEqual(used.uses.map(({ usedBy }) => usedBy), [newcomer.session.did])
  const { data: left } = await one.com.atproto.server.getAccountInviteCodes({ includeUsed: false })
  assert.deepEqual(left.codes.map(({ code }) => code), [data.codes[0].codes[1]])

  const { data: info } = await admin.admin.getAccountInfo({ did: newcomer.session.did })
  assert.equal(info.invitedBy.code, gift)
  assert.equal(info.invitedBy.forAccount, one.session.did)
})

test('the administrator disables codes', async () => {
  const owner = await server.signUp('disabled', { inviteCode: await invite() })
  const byName = await invite()
  const byAccount = await invite(1, owner.session.did)
  await admin.admin.disableInviteCodes({ codes: [byName] })
  await admin.admin.disableInviteCodes({ accounts: [owner.session.did] })
  await assert.rejects(server.signUp('unlucky', { inviteCode: byName }), unavailable)
  await assert.rejects(server.signUp('unlucky', { inviteCode: byAccount }), unavailable)
  await assert.rejects(admin.admin.disableInviteCodes({ accounts: ['admin'] }), { status: 400, message: 'cannot disable admin invite codes' })
})

test('a code of an account that is taken down is no good until it is restored', async () => {
  const owner = await server.signUp('troubled', { inviteCode: await invite() })
  const inviteCode = await invite(1, owner.session.did)
  const subject = { $type: 'com.atproto.admin.defs#repoRef', did: owner.session.did }
  await admin.admin.updateSubjectStatus({ subject, takedown: { applied: true } })
  await assert.rejects(server.login(owner.session.handle, account('troubled').password), { status: 401, error: 'AccountTakedown' })
  await assert.rejects(server.signUp('buddy', { inviteCode }), unavailable)
  await admin.admin.updateSubjectStatus({ subject, takedown: { applied: false } })
  await server.signUp('buddy', { inviteCode })
})

for (const sort of ['recent', 'usage']) {
  test(`the list by ${sort} is the same in pages`, async () => {
    const { data: whole } = await admin.admin.getInviteCodes({ sort, limit: 500 })
    const codes = []
    let cursor
    do {
      const { data } = await admin.admin.getInviteCodes({ sort, limit: 3, cursor })
      codes.push(...data.codes)
      cursor = data.cursor
    } while (cursor)
    assert.ok(codes.length > 6)
    assert.deepEqual(codes, whole.codes)
  })
}
