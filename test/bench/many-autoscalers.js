'use strict';

/**
 * The kind stack with as many autoscalers as asked for: backend, load test and autoscaler number 2 are repeated under
 * new names, everything else stays.
 * @param {readonly object[]} objects of the kind stack
 * @param {number} count how many autoscalers in all
 */
function withAutoscalers(objects, count) {
  const template = objects.filter(
    (object) => mentions(object, 'backend-2') || mentions(object, 'load-test-2'),
  );
  const rest = objects.filter(
    (object) =>
      !template.includes(object) && !mentions(object, 'backend-1') && !mentions(object, 'load-test-1'),
  );
  const copies = Array.from({ length: count }, (_, index) =>
    template.map((object) =>
      JSON.parse(
        JSON.stringify(object)
          .replaceAll('backend-2', `backend-${index + 1}`)
          .replaceAll('load-test-2', `load-test-${index + 1}`),
      ),
    ),
  );
  return [...rest, ...copies.flat()];
}

function mentions(object, name) {
  return object.metadata.name.includes(name);
}

module.exports = { withAutoscalers };
