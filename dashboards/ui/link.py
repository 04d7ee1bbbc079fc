"""A button that copies the address of the page, which holds the state of all its controls."""

import streamlit as st

_LABEL = "Copy link"

_CSS = """
button {
    font: inherit; font-size: 0.875rem; color: var(--st-link-color); background: none; border: none; cursor: pointer;
    padding: 0.25rem 0; white-space: nowrap;
}
button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
"""

# The Clipboard API needs https or localhost; elsewhere the older way, over a text field, still works.
_JS = """
export default function ({ parentElement }) {
    const button = parentElement.querySelector("button");
    const said = button.textContent;
    const older = (text) => {
        const field = document.createElement("textarea");
        field.value = text;
        document.body.appendChild(field);
        field.select();
        const done = document.execCommand("copy");
        field.remove();
        return done ? Promise.resolve() : Promise.reject();
    };
    button.onclick = () => {
        const text = window.location.href;
        const copied = navigator.clipboard ? navigator.clipboard.writeText(text).catch(() => older(text)) : older(text);
        const tell = (word) => {
            button.textContent = word;
            setTimeout(() => { button.textContent = said; }, 2000);
        };
        copied.then(() => tell("Link copied"), () => tell("Copy the address bar instead"));
    };
    return () => { button.onclick = null; };
}
"""

_button = st.components.v2.component(
    "open_model_tracker_copy_link", html=f"<button type='button' aria-live='polite'>{_LABEL}</button>", css=_CSS, js=_JS
)


def show_copy_button() -> None:
    """Draws the button; what it copies is read from the browser's address bar at the click."""
    _button(key="copy-link", width="content", height="content")
