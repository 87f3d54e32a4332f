import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { expect, test, vi } from 'vitest'
import { Button } from './button.tsx'
import { CheckboxField } from './checkbox-field.tsx'
import { CheckboxGroupField } from './checkbox-group-field.tsx'
import { DateField } from './date-field.tsx'
import { ErrorSummary } from './error-summary.tsx'
import { FormField } from './form-field.tsx'
import { RadioGroupField } from './radio-group-field.tsx'
import { SelectField } from './select-field.tsx'
import { SwitchField } from './switch-field.tsx'
import { renderWithWords } from './testing/render.tsx'
import { TextAreaField } from './text-area-field.tsx'
import { TextField } from './text-field.tsx'
import { TimeField } from './time-field.tsx'

const nothing = () => undefined

test('a text field is found by its label and reads hint and error with it', () => {
  renderWithWords(<TextField label="Phone" hint="Only for this visit." error="Enter 10 digits" />)
  const input = screen.getByLabelText('Phone')
  expect(input).toHaveProperty('ariaInvalid', 'true')
  const described = (input.getAttribute('aria-describedby') ?? '')
    .split(' ')
    .map((id) => document.getElementById(id))
  expect(described.map((node) => node?.textContent).join(' ')).toContain('Only for this visit.')
  expect(described.map((node) => node?.textContent).join(' ')).toContain('Enter 10 digits')
})

test('a select reads hint and error with it and gives back the chosen value', async () => {
  const onChange = vi.fn<(value: string) => void>()
  renderWithWords(
    <SelectField
      label="Interpreter"
      hint="It is free."
      error="Choose one"
      value=""
      placeholder="None"
      onChange={onChange}
      options={[{ value: 'es', label: 'Spanish' }]}
    />,
  )
  const select = screen.getByRole('combobox', { name: 'Interpreter', description: 'It is free. Choose one' })
  await userEvent.selectOptions(select, 'Spanish')
  expect(onChange).toHaveBeenCalledWith('es')
})

test('an optional field says so in words', () => {
  renderWithWords(<TextField label="Pronouns" isOptional />, 'es')
  expect(screen.getByRole('textbox', { name: 'Pronouns (opcional)' })).toBeTruthy()
})

test('radio, checkbox and switch fields answer to the keyboard', async () => {
  function Form() {
    const [mode, setMode] = useState('')
    const [needs, setNeeds] = useState<string[]>([])
    const [isOn, setIsOn] = useState(false)
    return (
      <>
        <RadioGroupField
          label="How"
          value={mode}
          onChange={setMode}
          options={[
            { value: 'in-person', label: 'In person' },
            { value: 'video', label: 'By video' },
          ]}
        />
        <CheckboxGroupField
          label="Needs"
          value={needs}
          onChange={setNeeds}
          options={[{ value: 'time', label: 'More time' }]}
        />
        <SwitchField label="Remind me" value={isOn} onChange={setIsOn} />
        <p>{`${mode} ${needs.join()} ${isOn}`}</p>
      </>
    )
  }
  renderWithWords(<Form />)
  const user = userEvent.setup()
  await user.tab()
  await user.keyboard('{ArrowDown}')
  await user.tab()
  await user.keyboard(' ')
  await user.tab()
  await user.keyboard(' ')
  expect(screen.getByText('video time true')).toBeTruthy()
})

test('a checkbox carries its hint as description', () => {
  renderWithWords(
    <CheckboxField label="Someone comes with me" hint="They may stay." value={false} onChange={nothing} />,
  )
  expect(
    screen.getByRole('checkbox', { name: 'Someone comes with me', description: 'They may stay.' }),
  ).toBeTruthy()
})

test('a date is typed part by part and given back as a calendar date', async () => {
  const onChange = vi.fn<(value: string) => void>()
  function Form() {
    const [date, setDate] = useState('')
    return <DateField label="Born" value={date} onChange={(value) => (setDate(value), onChange(value))} />
  }
  renderWithWords(<Form />)
  const user = userEvent.setup()
  await user.tab()
  await user.keyboard('03021984')
  expect(onChange).toHaveBeenLastCalledWith('1984-03-02')
})

test('a time is shown by the clock of the language and given back in 24 hours', async () => {
  const onChange = vi.fn<(value: string) => void>()
  renderWithWords(<TimeField label="Opens" value="14:30" onChange={onChange} />)
  expect(screen.getByRole('spinbutton', { name: /AM\/PM/ }).textContent).toBe('PM')
  const user = userEvent.setup()
  await user.tab()
  await user.keyboard('{ArrowUp}')
  expect(onChange).toHaveBeenLastCalledWith('15:30')
})

test('a text area counts what is left once little remains', () => {
  renderWithWords(<TextAreaField label="Reason" value="12345678" maxLength={10} onChange={nothing} />)
  expect(screen.getByRole('status').textContent).toBe('2 characters left')
})

test('a pending button keeps its name, says that it works, and ignores presses', async () => {
  const onPress = vi.fn<() => void>()
  renderWithWords(
    <Button isPending onPress={onPress}>
      Book visit
    </Button>,
  )
  const button = screen.getByRole('button', { name: /Book visit, please wait/ })
  await userEvent.click(button)
  expect(onPress).not.toHaveBeenCalled()
})

function PhoneForm() {
  const { control, handleSubmit, formState } = useForm({ defaultValues: { phone: '' } })
  const message = formState.errors.phone?.message
  return (
    <form onSubmit={handleSubmit(nothing)}>
      <ErrorSummary attempt={formState.submitCount} errors={message ? [{ name: 'phone', message }] : []} />
      <FormField control={control} name="phone">
        {(field) => <TextField label="Phone" {...field} />}
      </FormField>
      <Button type="submit">Send</Button>
    </form>
  )
}

test('an error summary takes the focus and leads to the field by keyboard', async () => {
  function Form() {
    return (
      <>
        <ErrorSummary attempt={1} errors={[{ name: 'phone', message: 'Enter 10 digits' }]} />
        <TextField id="field-phone" label="Phone" error="Enter 10 digits" />
      </>
    )
  }
  renderWithWords(<Form />)
  expect(document.activeElement).toBe(screen.getByRole('alert'))
  await userEvent.click(screen.getByRole('link', { name: 'Enter 10 digits' }))
  expect(document.activeElement).toBe(screen.getByLabelText('Phone'))
})

test('a bound field keeps what was typed when the form is sent', async () => {
  renderWithWords(<PhoneForm />)
  const user = userEvent.setup()
  await user.type(screen.getByLabelText('Phone'), '303 555 0142')
  await user.click(screen.getByRole('button', { name: 'Send' }))
  expect(screen.getByLabelText('Phone')).toHaveProperty('value', '303 555 0142')
})
