import { describe, expect, it } from '@jest/globals';
import { editRefusal, mayUse } from './permissions';

const shared = { access: 'contributors' } as never;
const closed = { access: 'administrators' } as never;
const createdBy = { sub: 'ada', name: 'Ada' };
const attached = { connectionId: 'shop', createdBy };
const detached = { connectionId: null, createdBy };

describe('mayUse', () => {
  it.each([
    ['administrator', closed, true],
    ['contributor', closed, false],
    ['contributor', shared, true],
    ['contributor', null, false],
    ['viewer', shared, false],
  ])('gives a %s the right permission', (role, connection, expected) => {
    expect(mayUse({ roles: [role] }, connection)).toBe(expected);
  });
});

describe('editRefusal', () => {
  it.each([
    [{ sub: 'ben', roles: ['administrator'] }, attached, closed, null],
    [{ sub: 'ada', roles: ['contributor'] }, attached, closed, 'connection_not_shared'],
    [{ sub: 'ben', roles: ['contributor'] }, attached, shared, null],
    [{ sub: 'ada', roles: ['viewer'] }, attached, shared, 'connection_not_shared'],
    [{ sub: 'ben', roles: ['administrator'] }, detached, null, null],
    [{ sub: 'ada', roles: ['contributor'] }, detached, null, null],
    [{ sub: 'ben', roles: ['contributor'] }, detached, null, 'export_not_yours'],
    [{ sub: 'ada', roles: ['viewer'] }, detached, null, 'export_not_yours'],
  ])('tells %j why not', (caller, exported, connection, expected) => {
    expect(editRefusal(caller, exported, connection)).toBe(expected);
  });
});
