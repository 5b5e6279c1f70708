import { describe, expect, it } from '@jest/globals';
import { permissionFor } from './permissions';

const shared = { access: 'contributors' } as never;
const closed = { access: 'administrators' } as never;

describe('permissionFor', () => {
  it.each([
    ['administrator', closed, 'edit'],
    ['contributor', closed, 'view'],
    ['contributor', shared, 'edit'],
    ['contributor', null, 'view'],
    ['viewer', shared, 'view'],
  ])('gives a %s the right permission', (role, connection, permission) => {
    expect(permissionFor([role], connection)).toBe(permission);
  });
});
