"""Errors as a reader of the page needs them: a traceback of the program's own frames, and the place to mark in the editor."""

import os
import sys
import traceback
import warnings

from loopscope import places, tracebacks

_OWN = os.path.dirname(__file__) + os.sep
_MOST_MARKS = 20


def print_exception(error, file=None):
    """As the interpreter would, without the frames of what runs the program here."""
    (file or sys.stderr).write(tracebacks.text_of(error))


def from_program(trace, filename):
    """The traceback from the program's first frame on; all of it where the program has none."""
    first = trace
    while first is not None and first.tb_frame.f_code.co_filename != filename:
        first = first.tb_next
    return first or trace


def install():
    """Tracebacks that asyncio's log shows lose the machinery's frames, too."""
    import logging

    def format_exception(_formatter, exc_info):
        return tracebacks.text_of(exc_info[1]).rstrip("\n")

    logging.Formatter.formatException = format_exception
    warnings.formatwarning = _without_machinery(warnings.formatwarning)


def _without_machinery(format_warning):
    def told(message, category, filename, lineno, line=None):
        if filename.startswith(_OWN) or places.is_machinery(filename):  # found when the program's objects died: no line of its is to blame
            filename, lineno, line = "sys", 1, ""
        return format_warning(message, category, filename, lineno, line)

    return told


def diagnostic_of_syntax_error(error, source):
    line = error.lineno or 1
    begin = max(error.offset or 1, 1)
    end_line = error.end_lineno or line
    end = error.end_offset or 0
    lines = source.splitlines() or [""]
    if (end_line, end) <= (line, begin):
        end_line, end = line, begin + 1
    return _diagnostic(
        "error",
        f"{type(error).__name__}: {error.msg}",
        (line, _utf16(_line(lines, line), begin - 1)),
        (end_line, _utf16(_line(lines, end_line), end - 1)),
    )


def diagnostic_of_warning(warning, source):
    line = warning.lineno or 1
    text = _line(source.splitlines(), line)
    message = f"{warning.category.__name__}: {warning.message}"
    return _diagnostic("warning", message, (line, _indentation(text)), (line, _utf16(text, len(text))))


def diagnostic_of_exception(error, filename, source):
    """Marks the innermost line of the program that the error passed through; None when it passed through none."""
    found = None
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename == filename:
            found = frame
    if found is None:
        return None
    lines = source.splitlines()
    text = _line(lines, found.lineno)
    begin, end, end_line = _indentation(text), _utf16(text, len(text)), found.lineno
    if found.colno is not None and found.end_colno is not None:
        begin = _utf16_of_bytes(text, found.colno)
        end_line = found.end_lineno or found.lineno
        end = _utf16_of_bytes(_line(lines, end_line), found.end_colno)
    return _diagnostic("error", tracebacks.summary(error), (found.lineno, begin), (end_line, end))


def marks_of_exception(error, filename, source):
    """A diagnostic for it, and where it is a group one for each of those in it: there it began."""
    found = []
    waiting = [error]
    while waiting and len(found) < _MOST_MARKS:
        error = waiting.pop(0)
        mark = diagnostic_of_exception(error, filename, source)
        if mark is not None and mark not in found:
            found.append(mark)
        if isinstance(error, BaseExceptionGroup):
            waiting[:0] = error.exceptions
    return found


def _diagnostic(severity, message, begin, end):
    """Positions: line from 1, UTF-16 units before."""
    return {
        "severity": severity,
        "message": message,
        "startLine": begin[0],
        "startColumn": begin[1] + 1,
        "endLine": end[0],
        "endColumn": end[1] + 1,
        "notes": [],
    }


def _line(lines, number):
    return lines[number - 1] if 0 < number <= len(lines) else ""


def _indentation(text):
    return len(text) - len(text.lstrip())


def _utf16(text, characters):
    return len(text[:characters].encode("utf-16-le")) // 2


def _utf16_of_bytes(text, count):
    return _utf16(text.encode()[:count].decode(errors="replace"), count)


def compile_program(source, filename, flags):
    """(code or None, diagnostics): what Python says of the text before anything of it runs."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            code = compile(source, filename, "exec", flags, dont_inherit=True)
        except SyntaxError as error:
            error.filename = error.filename or filename
            return None, [diagnostic_of_syntax_error(error, source)], error
        except ValueError as error:  # a NUL character
            wrong = SyntaxError(str(error), (filename, 1, 1, "", 1, 1))
            return None, [diagnostic_of_syntax_error(wrong, source)], wrong
        except (RecursionError, MemoryError) as error:
            wrong = SyntaxError(f"too deeply nested: {error}", (filename, 1, 1, "", 1, 1))
            return None, [diagnostic_of_syntax_error(wrong, source)], wrong
    return code, [diagnostic_of_warning(warning, source) for warning in caught], None
