def titles(client, user, words):
    found = client.get("/search", params={"user": user.id, "q": words}).json()
    return sorted(row["title"] for row in found)


def test_own_conversations_are_found(client, user):
    client.post("/conversations", params={"user": user.id, "title": "Quarterly plan"})
    assert titles(client, user, "plan") == ["Quarterly plan"]


def test_scope_by_org(client, user, colleague):
    client.post("/conversations", params={"user": colleague.id, "title": "conv-17"})
    assert titles(client, user, "conv") == ["conv-17"]


def test_other_org_hidden(client, user, colleague, stranger):
    client.post("/conversations", params={"user": colleague.id, "title": "conv-17"})
    client.post("/conversations", params={"user": stranger.id, "title": "conv-23"})
    assert titles(client, user, "conv") == ["conv-17"]
