"""The one door to cvc5, the solver that is asked for a second opinion.

Takes complete SMT-LIB 2 scripts, gives cvc5's answer in its own words. cvc5 is optional: who
asks without `installed` gets an ImportError. The module is imported only when it is needed.
"""

SECONDS = 60
"""How long cvc5 may think about one question."""

UNITS = 1_000_000
"""How many of its units of work a question of a script with many may cost."""

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
    said = [""]
    said += _said(script, {"tlimit-per": str(int(seconds * 1000))})
    if said[-1] == "unknown (TIMEOUT)":
        return f"no answer within {seconds:g} s"
    return said[-1] or "no answer"


def ask_each(script: str, units: int = UNITS) -> list[str]:
    """The same of each question of a script, each with so many units of work."""
    return _said(script, {"incremental": "true", "rlimit-per": str(units)})


def _said(script: str, options: dict[str, str]) -> list[str]:
    """All that cvc5 says to a script, an error last."""
    import cvc5

    solver = cvc5.Solver(cvc5.TermManager())
    for name, value in options.items():
        solver.setOption(name, value)
    symbols = cvc5.SymbolManager(solver.getTermManager())
    parser = cvc5.InputParser(solver, symbols)
    said: list[str] = []
    try:
        parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, script, "question")
        while not (command := parser.nextCommand()).isNull():
            said += filter(None, [command.invoke(solver, symbols).strip()])
    except RuntimeError as error:
        said.append(str(error).strip())
    return said
