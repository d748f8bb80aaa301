"""The one door to cvc5, the solver that is asked for a second opinion.

Takes complete SMT-LIB 2 scripts, gives cvc5's answer in its own words. cvc5 is optional: who
asks without `installed` gets an ImportError. The module is imported only when it is needed.
"""

SECONDS = 60
"""How long cvc5 may think about one question."""

HINT = "in a checkout of smtmodel: python -m pip install '.[cross-check]'"


def installed() -> bool:
    """Whether cvc5's Python module is there; does not load it."""
    from importlib.util import find_spec

    return find_spec("cvc5") is not None


def version() -> str:
    """The version of cvc5 that answers."""
    import cvc5

    return str(cvc5.__version__)


def ask(script: str, seconds: float = SECONDS) -> str:
    """`sat`, `unsat`, or else why it is not known."""
    import cvc5

    solver = cvc5.Solver(cvc5.TermManager())
    solver.setOption("tlimit-per", str(int(seconds * 1000)))
    symbols = cvc5.SymbolManager(solver.getTermManager())
    parser = cvc5.InputParser(solver, symbols)
    said = ""
    try:
        parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, script, "question")
        while not (command := parser.nextCommand()).isNull():
            said = command.invoke(solver, symbols).strip() or said
    except RuntimeError as error:
        said = str(error).strip()
    if said == "unknown (TIMEOUT)":
        return f"no answer within {seconds:g} s"
    return said or "no answer"
