def test_own_conversations_are_found(client, user):
    client.post("/conversations", params={"user": user.id, "title": "Quarterly plan"})
    found = client.get("/search", params={"user": user.id, "q": "plan"}).json()
    assert [row["title"] for row in found] == ["Quarterly plan"]
