// The template that escapes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { html, trusted } from "./markup.ts";

test("what is put in is text, in elements and in attributes", () => {
  const name = `<script>alert("x")</script>&'`;
  assert.equal(
    html`<p title="${name}">${name}</p>`.text,
    '<p title="&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;&#39;">&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;&#39;</p>',
  );
});

test("markup inside markup stays markup, lists are joined, nothing leaves nothing", () => {
  const items = ["a", "<b>"].map((item) => html`<li>${item}</li>`);
  assert.equal(html`<ul>${items}</ul>${null}${undefined}${false}${0}`.text, "<ul><li>a</li><li>&lt;b&gt;</li></ul>0");
  assert.equal(html`<div>${trusted("<svg/>")}</div>`.text, "<div><svg/></div>");
});

test("backslashes come through as they are", () => {
  assert.equal(html`${"C:\\new"}`.text, "C:\\new");
});
