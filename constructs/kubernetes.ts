/**
 * Kubernetes' own kinds, as cdk8s renders them. The level of the API is chosen here and nowhere else.
 *
 * These classes silently drop fields that are newer than their level; a kind whose newer fields matter is emitted as
 * an `ApiObject` with a type of its own (see `Autoscaler`).
 */
export { k8s } from 'cdk8s-plus-27';
