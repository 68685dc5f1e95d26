// Reads workflow files with GitHub's own parser and its language service, and prints what they make
// of them as JSON.
//   node readings.mjs MODULES workflows FILE…      {"FILE": {"jobs": […], "errors": […],
//                                                            "serviceErrors": […],
//                                                            "serviceWarnings": […]}}
//   node readings.mjs MODULES expressions FILE     FILE: {"contexts": {…}, "expressions": […]}
// MODULES is the folder "node_modules" that holds the parser.
import { readFileSync } from "node:fs";
import { register } from "node:module";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, task, ...files] = process.argv.slice(2);

// The parser imports JSON without saying so, which Node refuses.
const hook = `
    import { readFile } from "node:fs/promises";
    export async function load(url, context, next) {
        if (!url.endsWith(".json"))
            return next(url, context);
        const json = await readFile(new URL(url), "utf8");
        return { format: "module", shortCircuit: true, source: "export default " + json };
    }`;
register("data:text/javascript," + encodeURIComponent(hook));

function load(path) {
    return import(pathToFileURL(`${modules}/${path}`).href);
}

function textOf(token) {
    return token === undefined ? "" : token.toString();
}

function jobOf(job) {
    return {
        id: textOf(job.id),
        needs: (job.needs ?? []).map(textOf),
        uses: job.type === "reusableWorkflowJob" ? textOf(job.ref) : "",
        steps: (job.steps ?? []).length,
    };
}

// The files given are the repository; whatever is called elsewhere is taken to be callable.
const repository = {
    async getFileContent(reference) {
        if ("repository" in reference) {
            const content = "on: workflow_call\njobs: {a: {runs-on: x, steps: []}}\n";
            return { name: reference.path, content };
        }
        const file = files.find((one) => reference.path === `.github/workflows/${basename(one)}`);
        if (!file)
            throw new Error(`there is no ${reference.path}`);
        return { name: reference.path, content: readFileSync(file, "utf8") };
    },
};

async function findingsOf(service, document) {
    const found = await service.validate(document, { fileProvider: repository });
    const told = found.map(({ message, range, severity, code }) => ({
        message,
        line: range.start.line + 1,
        severity: severity ?? 1, // what the parser said bears none
        code,
    }));
    return {
        serviceErrors: told.filter(({ severity }) => severity === 1),
        // Without a code it only wonders whether a name will be there in a run.
        serviceWarnings: told.filter(({ severity, code }) => severity === 2 && code),
    };
}

async function readWorkflows() {
    const parser = await load("@actions/workflow-parser/dist/index.js");
    const service = await load("@actions/languageservice/dist/index.js");
    const { TextDocument } = await load("vscode-languageserver-textdocument/lib/esm/main.js");
    const silent = { info() {}, verbose() {}, error() {} };
    const readings = {};
    for (const file of files) {
        const name = basename(file);
        const parsed = parser.parseWorkflow({ name, content: readFileSync(file, "utf8") }, silent);
        let jobs = [];
        if (parsed.value) {
            // 1 = convert what can be converted in spite of errors
            const template = await parser.convertWorkflowTemplate(
                parsed.context, parsed.value, undefined, { errorPolicy: 1 });
            jobs = (template.jobs ?? []).map(jobOf);
        }
        const errors = parsed.context.errors.getErrors().map((error) => ({
            message: error.rawMessage ?? error.message,
            line: error.range?.start.line ?? 0,
        }));
        const findings = await findingsOf(service, TextDocument.create(
            `file:///.github/workflows/${name}`, "yaml", 0, readFileSync(file, "utf8")));
        readings[name] = { jobs, errors, ...findings };
    }
    return readings;
}

async function readExpressions() {
    const { Lexer, Parser, Evaluator, data } = await load("@actions/expressions/dist/index.js");
    const { contexts, expressions } = JSON.parse(readFileSync(files[0], "utf8"));
    const known = JSON.parse(JSON.stringify(contexts), data.reviver);
    const readings = {};
    for (const expression of expressions) {
        try {
            const { tokens } = new Lexer(expression).lex();
            const tree = new Parser(tokens, Object.keys(contexts), []).parse();
            const value = new Evaluator(tree, known).evaluate();
            readings[expression] = JSON.stringify(value, data.replacer, "  ");
        } catch (error) {
            readings[expression] = "error";
        }
    }
    return readings;
}

const readings = task === "expressions" ? await readExpressions() : await readWorkflows();
process.stdout.write(JSON.stringify(readings));
