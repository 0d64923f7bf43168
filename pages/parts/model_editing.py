"""Adding and editing endpoints in the app, where the operator allows it. Writes his file; no key is ever typed here."""

from __future__ import annotations

import streamlit as st

from pages.parts.frame import the_service
from pages.parts.spoken import said
from pages.parts.words import escaped
from rsa_viz.core.errors import InvalidInput, StoreError
from rsa_viz.service.models import Endpoint

NEW = "a new one"
_DONE, _REFUSED = "endpoint-saved", "endpoint-refused"


def edit_models() -> None:
    """Draw the form, if endpoints may be edited here."""
    models = the_service().models
    if not models.access.editing:
        return
    if saved := st.session_state.pop(_DONE, None):
        st.toast(said(f"Saved {escaped(saved)}."))
    with st.expander(said("Edit endpoints"), icon=":material/edit:", expanded=_REFUSED in st.session_state):
        own = {one.name: one for one in models.endpoints if not one.choice.embedded}
        chosen = st.selectbox(
            said("Endpoint"),
            [NEW, *own],
            format_func=lambda one: one if one in own else said(one),
            key="edited-endpoint",
        )
        endpoint = own.get(chosen)
        with st.form(f"endpoint-{chosen}", border=False):
            name, table = _fields(endpoint)
            if st.form_submit_button(said("Save to the file"), icon=":material/save:", type="primary"):
                try:
                    models.save(name, table)
                except (InvalidInput, StoreError) as error:
                    st.session_state[_REFUSED] = str(error)
                else:
                    st.session_state[_DONE] = name
                st.rerun()
        if refused := st.session_state.pop(_REFUSED, None):
            st.error(escaped(refused), icon=":material/error:")


def _fields(endpoint: Endpoint | None) -> tuple[str, dict[str, object]]:
    """The form's fields as a name and the values of its table."""
    of = "" if endpoint is None else endpoint.name
    left, right = st.columns(2)
    name = of or left.text_input(said("Name"), key="endpoint-name", placeholder="vllm").strip()
    title = left.text_input(said("Title"), endpoint.title if endpoint else "", key=f"endpoint-title-{of}").strip()
    model = left.text_input(
        said("LiteLLM model"),
        endpoint.model if endpoint else "",
        key=f"endpoint-model-{of}",
        placeholder="openai/qwen3",
    ).strip()
    addresses = left.text_area(
        said("Addresses, one a line (none for a provider's own)"),
        "\n".join(endpoint.addresses) if endpoint else "",
        key=f"endpoint-addresses-{of}",
        placeholder="http://127.0.0.1:8000/v1",
        height=100,
    ).split()
    key = right.text_input(
        said("Variable that holds the key"),
        (endpoint.api_key_env or "") if endpoint else "",
        key=f"endpoint-key-{of}",
        help=said("Its name, never the key itself; none for no key at all."),
    ).strip()
    calls = right.number_input(
        said("Calls at the same time"), 1, 4096, endpoint.concurrency if endpoint else 16, key=f"endpoint-calls-{of}"
    )
    context = right.number_input(
        said("Context in tokens (0: unknown)"),
        0,
        1_000_000_000,
        (endpoint.context or 0) if endpoint else 0,
        key=f"endpoint-context-{of}",
    )
    price = endpoint.price if endpoint else None
    costs, written, currency = right.columns(3)
    tokens_in = costs.number_input(
        said("Price in"), 0.0, value=price.tokens_in if price else None, key=f"endpoint-in-{of}"
    )
    tokens_out = written.number_input(
        said("Price out"), 0.0, value=price.tokens_out if price else None, key=f"endpoint-out-{of}"
    )
    money = currency.text_input(
        said("Currency"), price.currency if price else "USD", key=f"endpoint-currency-{of}"
    ).strip()
    right.caption(said("Prices of a million tokens; empty when nobody knows."))
    note = st.text_input(said("Note"), endpoint.note if endpoint else "", key=f"endpoint-note-{of}").strip()
    table: dict[str, object] = {"title": title or name, "model": model, "concurrency": int(calls)}
    if addresses:
        table["api_base"] = addresses
    if key:
        table["api_key_env"] = key
    if context:
        table["context"] = int(context)
    if tokens_in is not None or tokens_out is not None:
        table["price"] = {"in": tokens_in, "out": tokens_out, "currency": money}
    if note:
        table["note"] = note
    return name, table
