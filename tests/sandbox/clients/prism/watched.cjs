// Given to node before Prism. Of each answer that Prism's proxy gives, one line of JSON: request,
// status, and what the proxy found wrong. A redirect is handed on as it is; by itself the proxy
// would go after it, and hold what came of it against the description of the redirect.
const {ServerResponse} = require("node:http");
const {Module} = require("node:module");

const load = Module.prototype.require;
Module.prototype.require = function (name) {
    const loaded = load.call(this, name);
    if (name !== "node-fetch")
        return loaded;
    const fetch = (url, options) => loaded(url, {...options, redirect: "manual"});
    return Object.assign(fetch, loaded, {default: fetch});
};

function findings(header) {
    try {
        return JSON.parse(header ?? "[]").map(each => `${each.location.join(".")}: ${each.message}`);
    } catch {
        return [header]; // cut off, for there are very many
    }
}

const end = ServerResponse.prototype.end;
ServerResponse.prototype.end = function (...rest) {
    const wrong = findings(this.getHeader("sl-violations"));
    if (this.getHeader("content-type") === "application/problem+json")
        wrong.push(`Prism itself: ${rest[0]}`);
    const request = `${this.req.method} ${this.req.url}`;
    process.stdout.write(JSON.stringify({request, status: this.statusCode, wrong}) + "\n");
    return end.apply(this, rest);
};
