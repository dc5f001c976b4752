"""create_subprocess_exec() and create_subprocess_shell(). needs: system"""

import asyncio
import sys


async def run(command):
    process = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
    out, err = await process.communicate()
    print(f"[{command!r} exited with {process.returncode}] {out.decode()!r} {err.decode()!r}")


async def lines():
    code = "import sys\nfor line in sys.stdin: print(line.upper(), end='', flush=True)"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    for word in "one", "two":
        process.stdin.write(word.encode() + b"\n")
        await process.stdin.drain()
        print((await process.stdout.readline()).decode().strip())
    process.stdin.close()
    print("exit code", await process.wait())


async def main():
    await run("echo out; echo err >&2; exit 3")
    processes = [await asyncio.create_subprocess_exec("sleep", "0.05") for _ in range(3)]
    print(await asyncio.gather(*(process.wait() for process in processes)))
    await lines()
    process = await asyncio.create_subprocess_exec("sleep", "10")
    process.terminate()
    print("terminated", await process.wait())
    process = await asyncio.create_subprocess_exec("sleep", "10")
    try:
        await asyncio.wait_for(process.wait(), 0.05)
    except TimeoutError:
        process.kill()
        print("killed", await process.wait())
    try:
        await asyncio.create_subprocess_exec("no-such-program")
    except FileNotFoundError as error:
        print(error)


asyncio.run(main())
