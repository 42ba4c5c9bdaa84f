// The components of govuk-frontend that Liaison uses; build.sh bundles them into static/web/govuk.js.
export { Button } from "govuk-frontend/dist/govuk/components/button/button.mjs";
export { ErrorSummary } from "govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs";
export { PasswordInput } from "govuk-frontend/dist/govuk/components/password-input/password-input.mjs";
export { SkipLink } from "govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs";
export { Tabs } from "govuk-frontend/dist/govuk/components/tabs/tabs.mjs";
