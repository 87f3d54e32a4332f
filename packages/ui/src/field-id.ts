/** The id of the control bound to a form field's name, where an error summary can point. */
export function fieldId(name: string): string {
  return `field-${name.replaceAll(/[^\w-]/g, '-')}`
}
