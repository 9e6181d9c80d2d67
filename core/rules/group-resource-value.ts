import { type GoString, toGoString } from '../kube/go-string';
import { GoStruct, type Method, type StructType } from './template';

/**
 * `schema.GroupResource`, on which label templates are executed, with its methods and the types that they lead to
 * (apimachinery `group_version.go`).
 */
export function groupResourceValue(group: string, resource: string): GoStruct {
  return new GoStruct(GROUP_RESOURCE, { Group: toGoString(group), Resource: toGoString(resource) });
}

type Text = (self: GoStruct) => GoString;

function structType(
  name: string,
  fields: readonly string[],
  text: Text,
  methods: Readonly<Record<string, Method>>,
): StructType {
  const all: Readonly<Record<string, Method>> = {
    Empty: { parameters: 0, call: (self) => fields.every((field) => self.string(field) === '') },
    String: { parameters: 0, call: text },
    ...methods,
  };
  return { name: `schema.${name}`, comparable: true, text, methods: new Map(Object.entries(all)) };
}

/** A method that makes another struct of the fields of this one and, if it takes one, its argument. */
function conversion(type: () => StructType, fields: readonly string[], parameter?: string): Method {
  return {
    parameters: parameter === undefined ? 0 : 1,
    call: (self, argument = '') => {
      const values = fields.map((field) => [field, field === parameter ? argument : self.string(field)]);
      return new GoStruct(type(), Object.fromEntries(values) as Record<string, GoString>);
    },
  };
}

/** A method of Go that text/template refuses to call, because its second result is no error. */
function uncallable(parameters: number, secondResult: string): Method {
  return { parameters, secondResult, call: () => '' };
}

function nameAndGroup(name: string): Text {
  return (self) =>
    self.string('Group') === '' ? self.string(name) : `${self.string(name)}.${self.string('Group')}`;
}

function groupAndVersion(self: GoStruct): GoString {
  return self.string('Group') === ''
    ? self.string('Version')
    : `${self.string('Group')}/${self.string('Version')}`;
}

function everything(name: string): Text {
  return (self) => `${self.string('Group')}/${self.string('Version')}, ${name}=${self.string(name)}`;
}

const RESOURCE_FIELDS = ['Group', 'Resource'];
const VERSIONED_RESOURCE_FIELDS = ['Group', 'Version', 'Resource'];
const KIND_FIELDS = ['Group', 'Kind'];
const VERSIONED_KIND_FIELDS = ['Group', 'Version', 'Kind'];
const VERSION_FIELDS = ['Group', 'Version'];

const GROUP_RESOURCE = structType('GroupResource', RESOURCE_FIELDS, nameAndGroup('Resource'), {
  WithVersion: conversion(() => GROUP_VERSION_RESOURCE, VERSIONED_RESOURCE_FIELDS, 'Version'),
});

const GROUP_VERSION_RESOURCE: StructType = structType(
  'GroupVersionResource',
  VERSIONED_RESOURCE_FIELDS,
  everything('Resource'),
  {
    GroupResource: conversion(() => GROUP_RESOURCE, RESOURCE_FIELDS),
    GroupVersion: conversion(() => GROUP_VERSION, VERSION_FIELDS),
  },
);

const GROUP_VERSION: StructType = structType('GroupVersion', VERSION_FIELDS, groupAndVersion, {
  Identifier: { parameters: 0, call: groupAndVersion },
  WithKind: conversion(() => GROUP_VERSION_KIND, VERSIONED_KIND_FIELDS, 'Kind'),
  WithResource: conversion(() => GROUP_VERSION_RESOURCE, VERSIONED_RESOURCE_FIELDS, 'Resource'),
  KindForGroupVersionKinds: uncallable(1, 'bool'),
});

const GROUP_VERSION_KIND: StructType = structType(
  'GroupVersionKind',
  VERSIONED_KIND_FIELDS,
  everything('Kind'),
  {
    GroupKind: conversion(() => GROUP_KIND, KIND_FIELDS),
    GroupVersion: conversion(() => GROUP_VERSION, VERSION_FIELDS),
    ToAPIVersionAndKind: uncallable(0, 'string'),
  },
);

const GROUP_KIND: StructType = structType('GroupKind', KIND_FIELDS, nameAndGroup('Kind'), {
  WithVersion: conversion(() => GROUP_VERSION_KIND, VERSIONED_KIND_FIELDS, 'Version'),
});
